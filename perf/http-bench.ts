import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Appointment } from "@status-board/contracts";
import { startBoard, type Target } from "./board.ts";
import { makeBoard, moveRequest, mover, readBoard } from "./cards.ts";
import { startChild } from "./children.ts";
import { Connection, openClient, type Shot } from "./connection.ts";
import { byTurns, drive, type Figures, type Slice, warmUp } from "./load.ts";
import { openRaw } from "./raw-sqlite.ts";

const date = "2031-03-14";
const cardCount = 100;
/** What is read of both servers. The floor's statistics are of text that it parses, or of objects in memory. */
const reads = {
  board: { floor: "/board", board: `/api/admin/appointments/board?date=${date}` },
  stats: { floor: "/stats-parsed", board: `/api/admin/dashboard/stats?date=${date}` },
  "stats of objects": { floor: "/stats", board: `/api/admin/dashboard/stats?date=${date}` },
};
type Read = keyof typeof reads;

/** The local root beside the floor. */
type Pair = Record<"floor" | "board", Figures>;

/** What the local root is measured at with one client and with ten, beside the floor and the raw database of the same run. */
export interface HttpFigures {
  readyMs: number;
  reads: Record<Read, { one: Pair; ten: Pair }>;
  /** One client, one that reads no more than it must, and ten of those beside the database alone. */
  move: { one: Pair; bare: Pair; ten: Record<"raw" | "board", Figures> };
}

/** Runs the floor and the local server with the same cards and the same clients, by turns. */
export async function measureHttp(seconds: number): Promise<HttpFigures> {
  const directory = mkdtempSync(join(tmpdir(), "board-bench-"));
  const server = await startBoard({ DATA_DIR: directory });
  const floorServer = await startChild("perf/floor-server.ts");
  const raw = openRaw(directory);
  // One client takes no core that the server needs, so it may be a whole one; ten would be half of what is measured.
  const sliceOf =
    (
      target: Target,
      clients: number,
      next: (client: number) => Shot,
      open = clients === 1 ? openClient : Connection.open,
    ): Slice =>
    (seconds) =>
      drive(target, { clients, seconds, next, open });

  async function measureRead(name: Read): Promise<HttpFigures["reads"][Read]> {
    const paths = reads[name];
    const slices = (clients: number) => ({
      floor: sliceOf(floorServer, clients, () => ({ method: "GET", path: paths.floor })),
      board: sliceOf(server, clients, () => ({ method: "GET", path: paths.board })),
    });
    const one = await byTurns(seconds, slices(1));
    await warmUp(slices(10));
    return { one, ten: await byTurns(seconds, slices(10)) };
  }

  async function measureMove(cards: readonly Appointment[]): Promise<HttpFigures["move"]> {
    const [floorMove, move] = [mover(cards), mover(cards)];
    const nextOfFloor = (): Shot => {
      const { card, expectedVersion, mutationId } = floorMove();
      const body = JSON.stringify({ id: card.id, newStatus: card.status, expectedVersion, mutationId });
      return { method: "POST", path: "/move", body };
    };
    const one = (open = openClient) =>
      byTurns(seconds, {
        floor: sliceOf(floorServer, 1, nextOfFloor, open),
        board: sliceOf(server, 1, () => moveRequest(move()), open),
      });
    const [measuredOne, bare] = [await one(), await one(Connection.open)];
    const ten = sliceOf(server, 10, (client) => moveRequest(move(client, 10)));
    await warmUp({ ten });
    return { one: measuredOne, bare, ten: await byTurns(seconds, { raw: raw.slice, board: ten }) };
  }

  try {
    await makeBoard(server, date, cardCount);
    const cards = await readBoard(server, date);
    await fetch(`${floorServer.url}/cards`, { method: "POST", body: JSON.stringify(cards) });
    return {
      readyMs: server.startedInMs,
      reads: {
        board: await measureRead("board"),
        stats: await measureRead("stats"),
        "stats of objects": await measureRead("stats of objects"),
      },
      move: await measureMove(cards),
    };
  } finally {
    raw.close();
    await floorServer.stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
