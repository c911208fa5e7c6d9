import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startBoard, type Target } from "./board.ts";
import { type Move, makeBoard, moveRequest, mover, readBoard } from "./cards.ts";
import { type Child, startChild } from "./children.ts";
import { Connection } from "./connection.ts";
import { byTurns, drive, type Figures, type Slice } from "./load.ts";
import { residentMegabytes } from "./memory.ts";
import { openBareScreens, openScreens, type Screens } from "./screens.ts";

const date = "2031-03-14";
const pauseMs = 5;
/** How many pushes stand for a second of a figure. */
const pushesPerSecond = 120;
/** At 200 moves a second a slice has few of the slow ones that a p95 is made of. */
const pacedFor = 4;
const idleMs = 10_000;

/** What pushes take, beside the bare broadcast of the same bytes in the same run. */
export interface LiveFigures {
  /** From the request to the last of so many screens. */
  pushes: { screens: number; floor: Figures; board: Figures }[];
  /** 200 moves a second offered, without screens and with 100. */
  moves: { without: Figures; with: Figures };
  idle: { screens: number; megabytes: number; coreShare: number };
}

/** Sends one request after the other and measures until its text has reached every screen; the first tenth is warming up. */
export async function measurePushes(
  target: Target,
  screens: Screens,
  rounds: number,
  next: () => { path: string; body: string; text: string },
): Promise<number[]> {
  const connection = await Connection.open(target);
  const latencies: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { path, body, text } = next();
    const reached = screens.reached(text);
    const sentAt = performance.now();
    const status = await connection.send({ method: "POST", path, body });
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    await reached;
    latencies.push(performance.now() - sentAt);
    await wait(pauseMs);
  }
  connection.close();
  return latencies.slice(Math.floor(rounds / 10));
}

/** The request of a move, and a text that the diff which tells of it contains. */
export function announcedMove(move: Move) {
  const { card, expectedVersion } = move;
  return { ...moveRequest(move), text: `"${card.id}","date":"${card.date}","version":${expectedVersion + 1},` };
}

/** CPU time of a process so far, in milliseconds, from /proc. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(stat[11]) + Number(stat[12])) * 10;
}

/**
 * Screens in a process of their own. They stand for machines of their own, so that they take of this one's cores only what the server
 * and the clients that are measured leave.
 */
export async function openScreensApart({ url, headers }: Target, date: string, count: number): Promise<Child> {
  const screens = await startChild("perf/idle-screens.ts", {
    TARGET: JSON.stringify({ url, headers }),
    BOARD_DATE: date,
    SCREENS: String(count),
  });
  setPriority(screens.process.pid ?? 0, constants.priority.PRIORITY_LOW);
  return screens;
}

export async function measureLive(seconds: number): Promise<LiveFigures> {
  const directory = mkdtempSync(join(tmpdir(), "board-live-"));
  const server = await startBoard({ DATA_DIR: directory });
  const floor = await startChild("perf/floor-broadcast.ts");
  try {
    await makeBoard(server, date, 100);
    const cards = await readBoard(server, date);
    const move = mover(cards);
    const nextMove = () => announcedMove(move());
    const sample = JSON.stringify({ type: "diff", ops: [{ op: "upsert", card: cards[0] }] });
    const pushes: LiveFigures["pushes"] = [];
    let sent = 0;
    const nextBare = () => {
      const round = `"round":"r${sent++}."`;
      return { path: "/", body: sample.replace(/}$/, `,${round}}`), text: round.slice('"round":'.length) };
    };
    const pushesTo =
      (target: Target, screens: Screens, next: typeof nextBare): Slice =>
      (seconds) =>
        measurePushes(target, screens, Math.round(seconds * pushesPerSecond), next);
    for (const count of [1, 10, 100, 500]) {
      const bare = await openBareScreens(floor.url, count);
      const screens = await openScreens(server, date, count);
      const figures = await byTurns(seconds, {
        floor: pushesTo(floor, bare, nextBare),
        board: pushesTo(server, screens, nextMove),
      });
      bare.close();
      screens.close();
      pushes.push({ screens: count, ...figures });
    }
    const paced: Slice = (seconds) => drive(server, { clients: 1, seconds, next: nextMove, intervalMs: 1_000 / 200 });
    const moves = await byTurns(seconds * pacedFor, {
      without: paced,
      with: async (seconds) => {
        const watching = await openScreensApart(server, date, 100);
        const latencies = await paced(seconds);
        await watching.stop();
        return latencies;
      },
    });
    const pid = server.process.pid ?? 0;
    const idleScreens = 1_000;
    const before = residentMegabytes(pid) ?? Number.NaN;
    const idle = await openScreens(server, date, idleScreens);
    const openedCpuMs = cpuMs(pid);
    await wait(idleMs);
    const megabytes = (residentMegabytes(pid) ?? Number.NaN) - before;
    const coreShare = (cpuMs(pid) - openedCpuMs) / idleMs;
    idle.close();
    return { pushes, moves, idle: { screens: idleScreens, megabytes, coreShare } };
  } finally {
    await floor.stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
