import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBoard, type Target } from "./board.ts";
import { makeBoard, moveRequest, mover } from "./cards.ts";
import type { Shot } from "./connection.ts";
import { drive, type Figures } from "./load.ts";
import { ownMegabytes, residentMegabytes } from "./memory.ts";

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
  /** And what the server takes after a run on many boards. */
  boards: { few: Reading; many: Reading; residentMb: number; ownMb: number };
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
  const server = await startBoard({ DATA_DIR: directory });

  async function read(date: string, move: ReturnType<typeof mover>, clients = 1): Promise<Reading> {
    const measured = (next: (client: number) => Shot) => drive(server, { clients, seconds, next });
    const get = (path: string) => measured(() => ({ method: "GET", path: `${path}?date=${date}` }));
    return {
      move: await measured((client) => moveRequest(move(client, clients))),
      board: await get("/api/admin/appointments/board"),
      stats: await get("/api/admin/dashboard/stats"),
    };
  }

  try {
    const small = mover(await makeBoard(server, dayOf(0), fewCards));
    await makeBoards(server, 1, fewBoards);
    const few = await read(dayOf(0), small);
    await makeBoards(server, fewBoards, manyBoards);
    const many = await read(dayOf(0), small);
    const { pid } = server.process;
    const [residentMb = Number.NaN, ownMb = Number.NaN] = [residentMegabytes(pid), ownMegabytes(pid)];
    const [largeDay, ordinaryDay] = [dayOf(manyBoards), dayOf(manyBoards + 1)];
    const large = await read(largeDay, mover(await makeBoard(server, largeDay, manyCards)));
    const ordinary = mover(await makeBoard(server, ordinaryDay, 100));
    const clients: Growth["clients"] = [];
    for (const count of [1, 10, 50])
      clients.push({ clients: count, reading: await read(ordinaryDay, ordinary, count) });
    return { boards: { few, many, residentMb, ownMb }, cards: { few: many, many: large }, clients };
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function makeBoards(target: Target, from: number, to: number): Promise<void> {
  let next = from;
  const make = async () => {
    while (next < to) await makeBoard(target, dayOf(next++), otherCards);
  };
  await Promise.all(Array.from({ length: makersAtOnce }, make));
}
