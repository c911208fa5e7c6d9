import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Appointment } from "@status-board/contracts";
import { makeBoard, mover } from "./cards.ts";
import { startChild } from "./children.ts";
import { drive, type Figures } from "./load.ts";

const dayMs = 86_400_000;
const firstDay = Date.parse("2031-01-01");
const fewBoards = 10;
const manyBoards = 1_000;
const fewCards = 20;
const manyCards = 500;
/** On boards that are there, and not looked at. */
const otherCards = 4;
const makersAtOnce = 8;

const dayOf = (index: number) => new Date(firstDay + index * dayMs).toISOString().slice(0, 10);

/** What a board costs by how much else there is: other boards, and other cards on it. One client, median. */
export interface Growth {
  boards: { few: Reading; many: Reading };
  cards: { few: Reading; many: Reading };
  clients: { clients: number; reading: Reading }[];
}

interface Reading {
  board: Figures;
  move: Figures;
  stats: Figures;
}

/** Measures one board while the shop's database grows around it, and then a board that itself is large. */
export async function measureGrowth(seconds: number): Promise<Growth> {
  const directory = mkdtempSync(join(tmpdir(), "board-growth-"));
  const environment = { DATA_DIR: directory, PORT: "0", SEED: "off", SHOP_TIME_ZONE: "UTC" };
  const server = await startChild("src/local/main.ts", environment);
  const measured = new Map<string, Map<string, number>>();
  let runs = 0;

  async function read(cards: readonly Appointment[], clients = 1): Promise<Reading> {
    const date = cards[0]?.date ?? "";
    const versions = measured.get(date) ?? new Map(cards.map(({ id, version }) => [id, version]));
    measured.set(date, versions);
    const next = mover(cards, clients);
    const run = runs++;
    const get = (path: string) => drive(server.url, { clients, seconds, next: () => ({ method: "GET", path }) });
    const move = await drive(server.url, {
      clients,
      seconds,
      next: (client) => {
        const { card, mutationId } = next(client);
        const expectedVersion = versions.get(card.id) ?? 0;
        versions.set(card.id, expectedVersion + 1);
        const body = { newStatus: card.status, expectedVersion, mutationId: `${run}-${mutationId}` };
        return { method: "POST", path: `/api/admin/appointments/${card.id}/move`, body: JSON.stringify(body) };
      },
    });
    const board = await get(`/api/admin/appointments/board?date=${date}`);
    const stats = await get(`/api/admin/dashboard/stats?date=${date}`);
    return { board, move, stats };
  }

  try {
    const small = await makeBoard(server.url, dayOf(0), fewCards);
    await makeBoards(server.url, 1, fewBoards);
    const few = await read(small);
    await makeBoards(server.url, fewBoards, manyBoards);
    const many = await read(small);
    const large = await read(await makeBoard(server.url, dayOf(manyBoards), manyCards));
    const ordinary = await makeBoard(server.url, dayOf(manyBoards + 1), 100);
    const clients: Growth["clients"] = [];
    for (const count of [1, 10, 50]) clients.push({ clients: count, reading: await read(ordinary, count) });
    return { boards: { few, many }, cards: { few: many, many: large }, clients };
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function makeBoards(url: string, from: number, to: number): Promise<void> {
  let next = from;
  const make = async () => {
    while (next < to) await makeBoard(url, dayOf(next++), otherCards);
  };
  await Promise.all(Array.from({ length: makersAtOnce }, make));
}
