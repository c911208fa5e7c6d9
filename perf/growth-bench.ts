import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Board, startBoard, type Target } from "./board.ts";
import { makeBoard, moveRequest, mover } from "./cards.ts";
import type { Shot } from "./connection.ts";
import { byTurns, drive, type Figures, type Slice } from "./load.ts";
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

/** What a board costs by how much else there is: other boards, and other cards on it. One client. */
export interface Growth {
  /** And what the server takes after a run on many boards. */
  boards: Comparison & { residentMb: number; ownMb: number };
  cards: Comparison;
  clients: { clients: number; reading: Reading }[];
}

type Reading = Record<"board" | "move" | "stats", Figures>;
type Comparison = Record<keyof Reading, Record<"few" | "many", Figures>>;

/** A board that is worked on. */
interface Place {
  server: Board;
  date: string;
  move: ReturnType<typeof mover>;
}

const slicesOf = ({ server, date, move }: Place, clients = 1): Record<keyof Reading, Slice> => {
  const sliceOf =
    (next: (client: number) => Shot): Slice =>
    (seconds) =>
      drive(server, { clients, seconds, next });
  const get = (path: string) => sliceOf(() => ({ method: "GET", path: `${path}?date=${date}` }));
  return {
    board: get("/api/admin/appointments/board"),
    move: sliceOf((client) => moveRequest(move(client, clients))),
    stats: get("/api/admin/dashboard/stats"),
  };
};

/** Measures one board in a shop with few and in one with many, and then boards of few cards and of many. */
export async function measureGrowth(seconds: number): Promise<Growth> {
  const servers: { server: Board; directory: string }[] = [];
  const start = async () => {
    const directory = mkdtempSync(join(tmpdir(), "board-growth-"));
    const server = await startBoard({ DATA_DIR: directory });
    servers.push({ server, directory });
    return server;
  };
  const place = async (server: Board, date: string, cards: number): Promise<Place> => ({
    server,
    date,
    move: mover(await makeBoard(server, date, cards)),
  });

  async function compare(few: Place, many: Place): Promise<Comparison> {
    const [ofFew, ofMany] = [slicesOf(few), slicesOf(many)];
    const compared = (name: keyof Reading) => byTurns(seconds, { few: ofFew[name], many: ofMany[name] });
    return { move: await compared("move"), board: await compared("board"), stats: await compared("stats") };
  }

  try {
    const [few, many] = [
      await place(await start(), dayOf(0), fewCards),
      await place(await start(), dayOf(0), fewCards),
    ];
    await makeBoards(few.server, 1, fewBoards);
    await makeBoards(many.server, 1, manyBoards);
    const boards = await compare(few, many);
    const { server } = many;
    const { pid } = server.process;
    const [residentMb = Number.NaN, ownMb = Number.NaN] = [residentMegabytes(pid), ownMegabytes(pid)];
    const cards = await compare(many, await place(server, dayOf(manyBoards), manyCards));
    const ordinary = await place(server, dayOf(manyBoards + 1), 100);
    const clients: Growth["clients"] = [];
    for (const count of [1, 10, 50])
      clients.push({ clients: count, reading: await byTurns(seconds, slicesOf(ordinary, count)) });
    return { boards: { ...boards, residentMb, ownMb }, cards, clients };
  } finally {
    for (const { server, directory } of servers) {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

async function makeBoards(target: Target, from: number, to: number): Promise<void> {
  let next = from;
  const make = async () => {
    while (next < to) await makeBoard(target, dayOf(next++), otherCards);
  };
  await Promise.all(Array.from({ length: makersAtOnce }, make));
}
