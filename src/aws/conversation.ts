import { setTimeout as wait } from "node:timers/promises";
import { type Bye, limits } from "@status-board/contracts";
import { createPace, type Pace } from "../live/pace.ts";
import type { Gateway } from "../live/ports.ts";
import { receive } from "../live/receive.ts";
import type { Sent } from "../live/reply.ts";
import { createMemory } from "../store/dynamodb/memory.ts";
import { type HttpResult, resultOfResponse } from "./http-event.ts";
import type { LambdaCore } from "./service.ts";
import { accepted, failureCodeOf, logged, readSocketEvent, type SocketEvent } from "./socket-event.ts";

/** Connections whose pace an instance keeps; each instance counts for itself, and the stage's throttle counts for all. */
const pacesRemembered = 1_000;
const answerTries = 3;
const retryMaxMs = 100;

const failureWords = {
  unavailable: "the database does not answer just now",
  internal: "something went wrong on our side",
} as const;

/**
 * What answers the messages of connections. Answers are posted, because a connection may get several; whatever a client
 * sends, and whatever becomes of it, the event itself succeeds.
 */
export function onMessage(core: LambdaCore, gateway: Gateway): (event: unknown) => Promise<HttpResult> {
  const { connections, service } = core;
  const { live, clock, random } = service.ports;
  const { metrics, release } = service;
  const ports = { live, connections, clock, release, ...(metrics && { subscribed: metrics.subscribed }) };
  const paces = createMemory<Pace>(pacesRemembered);

  function paceOf(connectionId: string): Pace {
    const pace = paces.get(connectionId) ?? createPace(() => clock().getTime());
    paces.set(connectionId, pace, 1);
    return pace;
  }

  async function answer({ connectionId, text, askedAt }: SocketEvent): Promise<void> {
    const connection = await connections.find(connectionId);
    // It was given up as slow or is from before a restore: it comes back, and is known again.
    if (connection === undefined) return gateway.close(connectionId, { type: "bye", code: "going_away" });
    const { session } = connection.principal;
    if (session !== undefined && session.expiresAt <= clock().toISOString())
      return void (await end(connectionId, { type: "bye", code: "session_ended" }));
    // A function for each message: of two that come at once either may be done first.
    const now = { ...ports, ...(askedAt !== undefined && { askedAt }) };
    for (const message of await receive(connection, text, paceOf(connectionId), now))
      if (!(await say(connectionId, message))) return;
  }

  /** False when that was the last word. Who cannot be reached is closed, so that he comes back and asks again. */
  async function say(connectionId: string, message: Sent | Bye): Promise<boolean> {
    if (message.type === "bye") return end(connectionId, message);
    const outcome = await post(connectionId, JSON.stringify(message));
    if (outcome === "failed") return end(connectionId, { type: "bye", code: "slow" });
    if (outcome === "gone") await connections.remove(connectionId);
    return outcome === "sent";
  }

  async function end(connectionId: string, bye: Bye): Promise<false> {
    await gateway.close(connectionId, bye);
    await connections.remove(connectionId);
    return false;
  }

  async function post(connectionId: string, message: string): ReturnType<Gateway["post"]> {
    for (let tries = 1; ; tries++) {
      const outcome = await gateway.post(connectionId, message, limits.postTimeoutMs);
      if (outcome !== "failed" || tries === answerTries) return outcome;
      await wait(retryMaxMs * random());
    }
  }

  return async (event) => {
    const message = readSocketEvent(event);
    const { connectionId } = message;
    await logged("liveMessage", connectionId, core, async () => {
      try {
        await answer(message);
      } catch (cause) {
        const code = failureCodeOf(cause);
        await post(connectionId, JSON.stringify({ type: "error", code, message: failureWords[code] }));
        throw cause;
      }
      return accepted;
    });
    return resultOfResponse(accepted);
  };
}
