import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBoard, type Target } from "./board.ts";
import { makeBoard, moveRequest, mover, readBoard } from "./cards.ts";
import { startChild } from "./children.ts";
import type { Shot } from "./connection.ts";
import { drive, type Figures } from "./load.ts";
import { rawTransactionsPerSecond } from "./raw-sqlite.ts";

const date = "2031-03-14";
const cardCount = 100;
/**
 * V8 takes several seconds of full load until what answers a request is compiled, in a thread that competes with the server for
 * two cores; a board runs for weeks. The floor gets as long.
 */
const warmUpSeconds = 6;

/** What the local root is measured at, beside the floor and the raw database of the same run. */
export interface HttpFigures {
  readyMs: number;
  rawPerSecond: number;
  floor: Record<string, Figures>;
  board: Record<string, Figures>;
}

async function measure(
  target: Target,
  paths: Record<string, string>,
  move: (client: number, clients: number) => Shot,
  seconds: number,
): Promise<Record<string, Figures>> {
  const figures: Record<string, Figures> = {};
  for (const clients of [1, 10]) {
    const warmUp = clients > 1 && { warmUpSeconds };
    const measured = (next: (client: number) => Shot) => drive(target, { clients, seconds, ...warmUp, next });
    for (const [name, path] of Object.entries(paths))
      figures[`${name} ${clients}`] = await measured(() => ({ method: "GET", path }));
    figures[`move ${clients}`] = await measured((client) => move(client, clients));
  }
  return figures;
}

/** Runs the floor and the local server one after the other with the same cards and the same clients. */
export async function measureHttp(seconds: number): Promise<HttpFigures> {
  const directory = mkdtempSync(join(tmpdir(), "board-bench-"));
  const server = await startBoard({ DATA_DIR: directory });
  const floorServer = await startChild("perf/floor-server.ts");
  try {
    await makeBoard(server, date, cardCount);
    const cards = await readBoard(server, date);
    await fetch(`${floorServer.url}/cards`, { method: "POST", body: JSON.stringify(cards) });
    const [floorMove, move] = [mover(cards), mover(cards)];
    const floor = await measure(
      floorServer,
      { board: "/board", stats: "/stats", "parsed stats": "/stats-parsed" },
      (client, clients) => {
        const { card, expectedVersion, mutationId } = floorMove(client, clients);
        const body = JSON.stringify({ id: card.id, newStatus: card.status, expectedVersion, mutationId });
        return { method: "POST", path: "/move", body };
      },
      seconds,
    );
    const board = await measure(
      server,
      { board: `/api/admin/appointments/board?date=${date}`, stats: `/api/admin/dashboard/stats?date=${date}` },
      (client, clients) => moveRequest(move(client, clients)),
      seconds,
    );
    return { readyMs: server.startedInMs, rawPerSecond: rawTransactionsPerSecond(directory, seconds), floor, board };
  } finally {
    await floorServer.stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
