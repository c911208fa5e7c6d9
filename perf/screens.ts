import { ticketSchema } from "@status-board/contracts";
import { WebSocket } from "ws";
import * as z from "zod";
import type { Target } from "./board.ts";

const ticketAnswer = z.object({ data: ticketSchema });

/** Sockets that count what comes, and tell when the awaited text has reached the last of them. */
export interface Screens {
  /** Resolves when every screen has received a message that contains this text. */
  reached(text: string): Promise<void>;
  /** Says one screen's ping; the next call, the next one's. */
  pingNext(): void;
  close(): void;
}

function screensOf(sockets: readonly WebSocket[]): Screens {
  let awaited: { text: string; left: number; resolve: () => void } | undefined;
  for (const socket of sockets)
    socket.on("message", (data: Buffer) => {
      if (awaited === undefined || !data.includes(awaited.text)) return;
      awaited.left--;
      if (awaited.left === 0) awaited.resolve();
    });
  let pings = 0;
  return {
    pingNext: () => sockets[pings++ % sockets.length]?.send('{"action":"ping"}'),
    reached: (text) =>
      new Promise((resolve) => {
        awaited = { text, left: sockets.length, resolve };
      }),
    close: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

const opened = (socket: WebSocket) => new Promise<void>((resolve) => socket.once("open", () => resolve()));

/** Bare sockets on the floor server. */
export async function openBareScreens(url: string, count: number): Promise<Screens> {
  const sockets = Array.from({ length: count }, () => new WebSocket(url.replace("http", "ws")));
  await Promise.all(sockets.map(opened));
  return screensOf(sockets);
}

/** Screens that have subscribed to a board. */
export async function openScreens({ url, headers = {} }: Target, date: string, count: number): Promise<Screens> {
  const sockets: WebSocket[] = [];
  for (let index = 0; index < count; index++) {
    const response = await fetch(`${url}/api/admin/live/ticket`, { method: "POST", headers });
    const { data } = ticketAnswer.parse(await response.json());
    const socket = new WebSocket(`${data.url}?ticket=${data.ticket}`);
    await opened(socket);
    const subscribed = new Promise<void>((resolve) => socket.once("message", () => resolve()));
    socket.send(JSON.stringify({ action: "subscribe", date }));
    await subscribed;
    sockets.push(socket);
  }
  return screensOf(sockets);
}
