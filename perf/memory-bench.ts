import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Board, startBoard } from "./board.ts";
import { makeBoard, moveRequest, mover } from "./cards.ts";
import type { Child } from "./children.ts";
import { openScreensApart } from "./live-bench.ts";
import { drive } from "./load.ts";
import { residentMegabytes, thirdsOf } from "./memory.ts";

const date = "2031-03-14";
const cardCount = 100;
const samplesAtLeast = 30;
const sampleEveryMaxMs = 10_000;
/** A shop at its busiest moves a card twice a second and looks at the board as often. */
const workEveryMs = 500;

/** What one process takes at a moment, in megabytes. */
export interface MemorySample {
  minute: number;
  residentMb: number;
  heapMb: number;
}

/** Memory of one machine while screens watch a board on which people work. */
export interface MemoryFigures {
  screens: number;
  /** Medians of the first third and of the last. */
  resident: { first: number; last: number };
  heap: { first: number; last: number };
}

async function sampleOf({ url, headers, process: { pid } }: Board, startedAt: number): Promise<MemorySample> {
  const page = await (await fetch(`${url}/metrics`, { headers })).text();
  const heapBytes = Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(page)?.[1]);
  const residentMb = residentMegabytes(pid);
  if (residentMb === undefined || !(heapBytes > 0)) throw new Error("the server does not tell its memory");
  return { minute: (performance.now() - startedAt) / 60_000, residentMb, heapMb: heapBytes / 1_048_576 };
}

/** Holds the screens for so many minutes; `say` hears each sample. */
export async function measureMemory(
  minutes: number,
  screens: number,
  say: (sample: MemorySample) => void,
): Promise<MemoryFigures> {
  const directory = mkdtempSync(join(tmpdir(), "board-memory-"));
  const server = await startBoard({ DATA_DIR: directory });
  const apart: Child[] = [];
  try {
    const move = mover(await makeBoard(server, date, cardCount));
    apart.push(await openScreensApart(server, date, screens));
    // A quarter more is its warming up.
    const seconds = minutes * 60 * 0.75;
    const path = `/api/admin/appointments/board?date=${date}`;
    const drives = [() => moveRequest(move()), () => ({ method: "GET" as const, path })].map((next) =>
      drive(server, { clients: 1, seconds, next, intervalMs: workEveryMs }),
    );
    const samples: MemorySample[] = [];
    const startedAt = performance.now();
    const sampleEveryMs = Math.min(sampleEveryMaxMs, (minutes * 60_000) / samplesAtLeast);
    let isOver = false;
    const working = Promise.all(drives).finally(() => {
      isOver = true;
    });
    working.catch(() => {});
    for (; !isOver; await Promise.race([wait(sampleEveryMs), working])) {
      const sample = await sampleOf(server, startedAt);
      samples.push(sample);
      say(sample);
    }
    await working;
    const [resident, heap] = [thirdsOf(samples.map((s) => s.residentMb)), thirdsOf(samples.map((s) => s.heapMb))];
    if (resident === undefined || heap === undefined) throw new Error("there are too few samples");
    return { screens, resident, heap };
  } finally {
    for (const child of apart) await child.stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
