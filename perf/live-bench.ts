import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "undici";
import { type Move, makeBoard, mover, readBoard } from "./cards.ts";
import { startChild } from "./children.ts";
import { drive, type Figures, figuresOf } from "./load.ts";
import { openBareScreens, openScreens, type Screens } from "./screens.ts";

const date = "2031-03-14";
const pauseMs = 5;

/** What pushes take, beside the bare broadcast of the same bytes in the same run. */
export interface LiveFigures {
  /** From the request to the last of so many screens. */
  pushes: { screens: number; floor: Figures; board: Figures }[];
  /** 200 moves a second offered, without screens and with 100. */
  moves: { without: Figures; with: Figures };
  idle: { screens: number; megabytes: number; coreShare: number };
}

/** Sends one request after the other and measures until its text has reached every screen. */
export async function measurePushes(
  url: string,
  screens: Screens,
  rounds: number,
  next: (round: number) => { path: string; body: string; text: string },
): Promise<Figures> {
  const client = new Client(url, { pipelining: 1 });
  const latencies: number[] = [];
  const startedAt = performance.now();
  for (let round = 0; round < rounds; round++) {
    const { path, body, text } = next(round);
    const reached = screens.reached(text);
    const sentAt = performance.now();
    const response = await client.request({
      method: "POST",
      path,
      body,
      headers: { "content-type": "application/json" },
    });
    await Promise.all([reached, response.body.dump()]);
    latencies.push(performance.now() - sentAt);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  await client.close();
  return figuresOf(latencies.slice(Math.floor(rounds / 10)), (performance.now() - startedAt) / 1000, 0);
}

/** The request of a move, and a text that the diff which tells of it contains. */
export function moveRequest({ card, expectedVersion, mutationId }: Move, date: string) {
  return {
    path: `/api/admin/appointments/${card.id}/move`,
    body: JSON.stringify({ newStatus: card.status, expectedVersion, mutationId }),
    text: `"${card.id}","date":"${date}","version":${expectedVersion + 1},`,
  };
}

async function rssAndCpu(pid: number): Promise<{ megabytes: number; cpuMs: number }> {
  const { readFile } = await import("node:fs/promises");
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const stat = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  const ticks = Number(stat[11]) + Number(stat[12]);
  return { megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024, cpuMs: ticks * 10 };
}

export async function measureLive(seconds: number): Promise<LiveFigures> {
  const directory = mkdtempSync(join(tmpdir(), "board-live-"));
  const environment = { DATA_DIR: directory, PORT: "0", SEED: "off", SHOP_TIME_ZONE: "UTC" };
  const server = await startChild("src/local/main.ts", environment);
  const floor = await startChild("perf/floor-broadcast.ts");
  try {
    await makeBoard(server.url, date, 100);
    const cards = await readBoard(server.url, date);
    const move = mover(cards, 1);
    const nextMove = () => moveRequest(move(0), date);
    const sample = JSON.stringify({ type: "diff", ops: [{ op: "upsert", card: cards[0] }] });
    const pushes: LiveFigures["pushes"] = [];
    const rounds = Math.round(seconds * 60);
    for (const count of [1, 10, 100, 500]) {
      const bare = await openBareScreens(floor.url, count);
      const floorFigures = await measurePushes(floor.url, bare, rounds, (round) => ({
        path: "/",
        body: sample.replace(/}$/, `,"round":"r${round}."}`),
        text: `"r${round}."`,
      }));
      bare.close();
      const screens = await openScreens(server.url, date, count);
      const boardFigures = await measurePushes(server.url, screens, rounds, nextMove);
      screens.close();
      pushes.push({ screens: count, floor: floorFigures, board: boardFigures });
    }
    const without = await paced(server.url, 200, seconds, nextMove);
    const watching = await startChild("perf/idle-screens.ts", {
      BOARD_URL: server.url,
      BOARD_DATE: date,
      SCREENS: "100",
    });
    const withScreens = await paced(server.url, 200, seconds, nextMove);
    await watching.stop();
    const pid = server.process.pid ?? 0;
    const before = await rssAndCpu(pid);
    const idle = await openScreens(server.url, date, 1_000);
    const opened = await rssAndCpu(pid);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const after = await rssAndCpu(pid);
    idle.close();
    return {
      pushes,
      moves: { without, with: withScreens },
      idle: {
        screens: 1_000,
        megabytes: after.megabytes - before.megabytes,
        coreShare: (after.cpuMs - opened.cpuMs) / 10_000,
      },
    };
  } finally {
    await floor.stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Offers so many requests a second on one connection each at its own moment, whatever comes of those before. */
async function paced(
  url: string,
  perSecond: number,
  seconds: number,
  next: () => { path: string; body: string },
): Promise<Figures> {
  return drive(url, {
    clients: 1,
    seconds,
    next: () => ({ method: "POST", ...next() }),
    intervalMs: 1000 / perSecond,
  });
}
