import { type ServerMessage, serverMessageSchema, type Ticket } from "@status-board/contracts";

/** A screen that watches one board. */
export interface Watch {
  /** Resolves when the card has been seen at this version, or a newer one. Rejects when that takes too long. */
  sees: (id: string, version: number) => Promise<void>;
  close: () => void;
}

/** Waits for one message after the other; rejects when the socket ends or nothing fitting comes in time. */
function inbox(socket: WebSocket, maxMs: number) {
  const messages: ServerMessage[] = [];
  let changed = () => {};
  let end: string | undefined;
  const ended = (reason: string) => {
    end ??= reason;
    changed();
  };
  socket.addEventListener("message", ({ data }) => {
    const message = serverMessageSchema.safeParse(parsed(data));
    if (message.success) messages.push(message.data);
    else ended("said what the contract does not know");
    changed();
  });
  socket.addEventListener("close", ({ code }) => ended(`closed with ${code}`));
  socket.addEventListener("error", () => ended("could not be opened"));

  return async (fits: (message: ServerMessage) => boolean): Promise<void> => {
    const timeout = setTimeout(() => ended(`was silent for ${maxMs} ms`), maxMs);
    try {
      while (!messages.some(fits)) {
        if (end !== undefined) throw new Error(`the socket ${end}`);
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
    } finally {
      clearTimeout(timeout);
    }
  };
}

function parsed(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}

/** Opens a socket with a ticket and subscribes to a board. `maxMs` is the longest wait for anything. */
export async function openWatch(
  { url, ticket }: Pick<Ticket, "url" | "ticket">,
  date: string,
  maxMs: number,
): Promise<Watch> {
  const socket = new WebSocket(`${url}?ticket=${encodeURIComponent(ticket)}`);
  const next = inbox(socket, maxMs);
  socket.addEventListener("open", () => socket.send(JSON.stringify({ action: "subscribe", date })));
  const close = () => socket.close();
  try {
    await next(({ type }) => type === "subscribed");
  } catch (error) {
    close();
    throw error;
  }
  const tells = (message: ServerMessage, id: string, version: number) =>
    message.type === "diff" &&
    message.ops.some((op) => op.op === "upsert" && op.card.id === id && op.card.version >= version);
  return { sees: (id, version) => next((message) => tells(message, id, version)), close };
}
