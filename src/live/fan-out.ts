import { setTimeout as wait } from "node:timers/promises";
import { limits, type Role } from "@status-board/contracts";
import { forRole, type Rendered } from "../domain/message.ts";
import type { Random } from "../domain/rank.ts";
import type { Connections, Gateway, Watcher } from "./ports.ts";

/** Connections that are posted to at once. */
const connectionsAtOnce = 256;
/** The longest first pause before a failed post is tried again; it doubles with each try. */
const firstRetryMaxMs = 50;

/** What became of a batch's posts, in connections. */
export interface FanOut {
  sent: number;
  gone: number;
  /** Closed because they could not be reached in time; they come back and resume. */
  closed: number;
  /** The time in milliseconds until the last of those had it who took it at the first try; absent when nobody did. */
  promptMs?: number;
}

interface FanOutPorts {
  connections: Connections;
  gateway: Gateway;
  random: Random;
}

/** A connection and what it has not got yet. */
interface Delivery {
  id: string;
  messages: readonly string[];
}

/**
 * Sends the messages to every watcher, one after the other on each connection and many connections at once. Everybody
 * gets a first try before anybody gets a second one. A watcher who is gone is forgotten; one who cannot be reached within
 * the batch's two seconds is closed, so that he resumes. No watcher delays another beyond a post's 300 ms, and none fails
 * the batch (LV8).
 */
export async function fanOut(
  watchers: readonly Watcher[],
  rendered: readonly Rendered[],
  ports: FanOutPorts,
): Promise<FanOut> {
  const report: FanOut = { sent: 0, gone: 0, closed: 0 };
  const staffTexts = lazyTexts(rendered, "manager");
  const viewerTexts = lazyTexts(rendered, "viewer");
  const startedAt = performance.now();
  const deadline = startedAt + limits.batchPostMaxMs;
  const late: Delivery[] = [];

  async function settle(delivery: Delivery, left: readonly string[] | "gone", again: Delivery[]): Promise<void> {
    if (left === "gone") {
      report.gone++;
      await forget(delivery.id, ports);
    } else if (left.length > 0) again.push({ id: delivery.id, messages: left });
    else report.sent++;
  }

  await inParallel(watchers, async ({ id, role }) => {
    const messages = role === "viewer" ? viewerTexts() : staffTexts();
    const left = await deliver({ id, messages }, ports);
    if (left.length === 0) report.promptMs = performance.now() - startedAt;
    await settle({ id, messages }, left, late);
  });
  const lost: Delivery[] = [];
  await inParallel(late, async (delivery) => {
    await settle(delivery, await deliverUntil(deadline, delivery, ports), lost);
  });
  await inParallel(lost, async ({ id }) => {
    report.closed++;
    await ports.gateway.close(id, { type: "bye", code: "slow" });
    await forget(id, ports);
  });
  return report;
}

/** A connection that cannot be forgotten now is met again by the next batch, or expires. */
const forget = (id: string, { connections }: FanOutPorts): Promise<void> =>
  connections.remove(id).catch(() => undefined);

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(connectionsAtOnce, items.length) }, worker));
}

/** The messages as a role may see them, written out once when the first watcher of that role needs them. */
function lazyTexts(rendered: readonly Rendered[], role: Role): () => readonly string[] {
  let texts: readonly string[] | undefined;
  return () => {
    texts ??= rendered.map((entry) => JSON.stringify(forRole(entry, role)));
    return texts;
  };
}

/** Posts one message after the other, each once; answers those that are left when one fails. */
async function deliver({ id, messages }: Delivery, { gateway }: FanOutPorts): Promise<readonly string[] | "gone"> {
  for (const [index, message] of messages.entries()) {
    const outcome = await gateway.post(id, message, limits.postTimeoutMs);
    if (outcome === "gone") return "gone";
    if (outcome === "failed") return messages.slice(index);
  }
  return [];
}

/** Tries on until all has gone out or the deadline has passed, with longer and longer pauses. */
async function deliverUntil(
  deadline: number,
  { id, messages }: Delivery,
  ports: FanOutPorts,
): Promise<readonly string[] | "gone"> {
  let left = messages;
  for (let pauseMaxMs = firstRetryMaxMs; ; pauseMaxMs *= 2) {
    const pauseMs = pauseMaxMs * ports.random();
    if (performance.now() + pauseMs >= deadline) return left;
    await wait(pauseMs);
    const outcome = await deliver({ id, messages: left }, ports);
    if (outcome === "gone" || outcome.length === 0) return outcome;
    left = outcome;
  }
}
