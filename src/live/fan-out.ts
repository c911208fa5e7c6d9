import { setTimeout as wait } from "node:timers/promises";
import { limits, type Role } from "@status-board/contracts";
import { forRole, type Rendered } from "../domain/message.ts";
import type { Random } from "../domain/rank.ts";
import type { Connections, Gateway, Watcher } from "./ports.ts";

/** Posts under way at once. */
const postsAtOnce = 64;
/** The longest first pause before a failed post is tried again; it doubles with each try. */
const firstRetryMaxMs = 50;

/** What became of a batch's posts, in connections. */
export interface FanOut {
  sent: number;
  gone: number;
  /** Closed because they could not be reached in time; they come back and resume. */
  closed: number;
}

interface FanOutPorts {
  connections: Connections;
  gateway: Gateway;
  random: Random;
}

/**
 * Sends the messages to every watcher, one after the other on each connection and many connections at once. A watcher
 * who is gone is forgotten; one who cannot be reached within the batch's two seconds is closed, so that he resumes. No
 * watcher delays another beyond that, and none fails the batch (LV8).
 */
export async function fanOut(
  watchers: readonly Watcher[],
  rendered: readonly Rendered[],
  ports: FanOutPorts,
): Promise<FanOut> {
  const report: FanOut = { sent: 0, gone: 0, closed: 0 };
  if (watchers.length === 0) return report;
  const staffTexts = lazyTexts(rendered, "manager");
  const viewerTexts = lazyTexts(rendered, "viewer");
  const deadline = performance.now() + limits.batchPostMaxMs;
  const waiting = watchers.values();
  const worker = async () => {
    for (const { id, role } of waiting) {
      const texts = role === "viewer" ? viewerTexts() : staffTexts();
      const outcome = await deliver(id, texts, deadline, ports);
      report[outcome]++;
    }
  };
  await Promise.all(Array.from({ length: Math.min(postsAtOnce, watchers.length) }, worker));
  return report;
}

/** The messages as a role may see them, written out once when the first watcher of that role needs them. */
function lazyTexts(rendered: readonly Rendered[], role: Role): () => readonly string[] {
  let texts: readonly string[] | undefined;
  return () => {
    texts ??= rendered.map((entry) => JSON.stringify(forRole(entry, role)));
    return texts;
  };
}

async function deliver(
  id: string,
  messages: readonly string[],
  deadline: number,
  ports: FanOutPorts,
): Promise<keyof FanOut> {
  for (const message of messages) {
    const outcome = await postUntil(id, message, deadline, ports);
    if (outcome === "sent") continue;
    if (outcome === "failed") await ports.gateway.close(id, { type: "bye", code: "slow" });
    await ports.connections.remove(id);
    return outcome === "gone" ? "gone" : "closed";
  }
  return "sent";
}

async function postUntil(
  id: string,
  message: string,
  deadline: number,
  { gateway, random }: FanOutPorts,
): Promise<"sent" | "gone" | "failed"> {
  for (let pauseMaxMs = firstRetryMaxMs; ; pauseMaxMs *= 2) {
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) return "failed";
    const outcome = await gateway.post(
      id,
      message,
      AbortSignal.timeout(Math.ceil(Math.min(limits.postTimeoutMs, leftMs))),
    );
    if (outcome !== "failed") return outcome;
    await wait(Math.min(pauseMaxMs * random(), Math.max(0, deadline - performance.now())));
  }
}
