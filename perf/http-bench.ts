import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeBoard, mover, readBoard } from "./cards.ts";
import { type Child, startChild } from "./children.ts";
import { drive, type Figures } from "./load.ts";
import { rawTransactionsPerSecond } from "./raw-sqlite.ts";

const date = "2031-03-14";
const cardCount = 100;

/** What the local root is measured at, beside the floor and the raw database of the same run. */
export interface HttpFigures {
  readyMs: number;
  rawPerSecond: number;
  floor: Record<string, Figures>;
  board: Record<string, Figures>;
}

const json = { method: "POST" as const };

async function measure(
  child: Child,
  paths: Record<string, string>,
  move: (client: number, clients: number) => { path: string; body: string },
  seconds: number,
) {
  const figures: Record<string, Figures> = {};
  for (const clients of [1, 10]) {
    for (const [name, path] of Object.entries(paths))
      figures[`${name} ${clients}`] = await drive(child.url, {
        clients,
        seconds,
        next: () => ({ method: "GET", path }),
      });
    figures[`move ${clients}`] = await drive(child.url, {
      clients,
      seconds,
      next: (client) => ({ ...json, ...move(client, clients) }),
    });
  }
  return figures;
}

/** Runs the floor and the local server one after the other with the same cards and the same clients. */
export async function measureHttp(seconds: number): Promise<HttpFigures> {
  const directory = mkdtempSync(join(tmpdir(), "board-bench-"));
  const server = await startChild("src/local/main.ts", {
    DATA_DIR: directory,
    PORT: "0",
    SEED: "off",
    SHOP_TIME_ZONE: "UTC",
  });
  const floorServer = await startChild("perf/floor-server.ts");
  try {
    await makeBoard(server.url, date, cardCount);
    const cards = await readBoard(server.url, date);
    await fetch(`${floorServer.url}/cards`, { method: "POST", body: JSON.stringify(cards) });
    const floorMoves = [1, 10].map((clients) => [clients, mover(cards, clients)] as const);
    let versions = new Map(cards.map(({ id, version }) => [id, version]));
    const floor = await measure(
      floorServer,
      { board: "/board", stats: "/stats", "parsed stats": "/stats-parsed" },
      (client, clients) => {
        const next = new Map(floorMoves).get(clients)?.(client);
        const card = next?.card;
        const expectedVersion = versions.get(card?.id ?? "") ?? 0;
        versions.set(card?.id ?? "", expectedVersion + 1);
        return {
          path: "/move",
          body: JSON.stringify({
            id: card?.id,
            newStatus: card?.status,
            expectedVersion,
            mutationId: next?.mutationId,
          }),
        };
      },
      seconds,
    );
    versions = new Map(cards.map(({ id, version }) => [id, version]));
    const moves = new Map([1, 10].map((clients) => [clients, mover(cards, clients)] as const));
    const board = await measure(
      server,
      { board: `/api/admin/appointments/board?date=${date}`, stats: `/api/admin/dashboard/stats?date=${date}` },
      (client, clients) => {
        const next = moves.get(clients)?.(client);
        const id = next?.card.id ?? "";
        const expectedVersion = versions.get(id) ?? 0;
        versions.set(id, expectedVersion + 1);
        const body = { newStatus: next?.card.status, expectedVersion, mutationId: `${clients}-${next?.mutationId}` };
        return { path: `/api/admin/appointments/${id}/move`, body: JSON.stringify(body) };
      },
      seconds,
    );
    return { readyMs: server.startedInMs, rawPerSecond: rawTransactionsPerSecond(directory, seconds), floor, board };
  } finally {
    await floorServer.stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
