import { type Bye, type ClientMessage, PROTOCOL_VERSION, type ServerMessage } from "@status-board/contracts";
import { type Check, sound } from "./board-checks.ts";
import type { BoardClient } from "./client.ts";
import type { ClientError } from "./result.ts";
import { createAlarm } from "./timers.ts";

/** Why a line ended: its ticket was refused, or the server said goodbye. Silence has no reason. */
export type LineEnd = ClientError | Bye;

/** What a line passes on; its bye comes with its end. */
export type Heard = Exclude<ServerMessage, Bye>;

export interface LineOptions {
  client: BoardClient;
  webSocket: typeof WebSocket;
  date: string;
  /** Without the answer to a handshake and subscribe, or to a ping, for so long, the line is dead. */
  answerWaitMs: number;
}

/** One ticket, one socket, one subscription. */
export interface Line {
  /** Asks whether the server is there and what it has. Without an answer within `waitMs` the line is dead. */
  ping(rev: number, waitMs: number): void;
  close(): void;
}

/**
 * Opens a line. `resumePoint` tells what a subscribe says of the past, and is called as it is sent. `onMessage` hears what
 * the server says of this board. `onEnd` is called once, and nothing comes after it; but not after close.
 */
export function openLine(
  options: LineOptions,
  resumePoint: () => { epoch?: string | undefined; rev?: number },
  onMessage: (message: Heard) => void,
  onEnd: (why?: LineEnd) => void,
): Line {
  const { client, date, answerWaitMs } = options;
  const abort = new AbortController();
  const { signal } = abort;
  let socket: WebSocket | undefined;
  let awaited: ServerMessage["type"] = "subscribed";
  // A socket that does not answer may never say that it closed.
  const answerDue = createAlarm(end);

  function close(): void {
    abort.abort();
    answerDue.set();
    socket?.close();
  }

  function end(why?: LineEnd): void {
    if (signal.aborted) return;
    close();
    onEnd(why);
  }

  const say = (message: ClientMessage) => socket?.send(JSON.stringify(message));

  async function connect(): Promise<void> {
    const ticket = await client.createTicket({ signal, retries: 0 });
    if (signal.aborted) return;
    if (!ticket.ok) return end(ticket.error);
    answerDue.set(answerWaitMs);
    socket = new options.webSocket(`${ticket.data.url}?ticket=${ticket.data.ticket}`);
    socket.onopen = () => say({ action: "subscribe", date, protocolVersion: PROTOCOL_VERSION, ...resumePoint() });
    socket.onmessage = ({ data }) => hear(data);
    socket.onclose = () => end();
  }

  function hear(frame: unknown): void {
    if (signal.aborted) return;
    const message = sound<ServerMessage>(frame as string, (claimed) =>
      (client.checks.messages[claimed.type] as Check<ServerMessage>)(claimed),
    );
    // A subscribe that was not taken is not answered any more.
    if (!message || (message.type === "error" && awaited === "subscribed")) end();
    else if (message.type === "bye") end(message);
    else if (!("date" in message) || message.date === date) {
      if (message.type === awaited) {
        awaited = "pong";
        answerDue.set();
      }
      onMessage(message);
    }
  }

  connect().catch(() => end());
  return {
    ping: (rev, waitMs) => {
      say({ action: "ping", rev });
      if (!answerDue.at || waitMs < answerWaitMs) answerDue.set(waitMs);
    },
    close,
  };
}
