import { readFileSync } from "node:fs";
import { median } from "./percentile.ts";

function megabytesIn(file: string, line: RegExp): number | undefined {
  try {
    const kilobytes = line.exec(readFileSync(file, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
  } catch {
    return undefined;
  }
}

/** Resident memory of a process in megabytes, from /proc; undefined of one that has ended. */
export const residentMegabytes = (pid: number | undefined): number | undefined =>
  megabytesIn(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB/m);

/** The part of that which is the process's own: without the pages of Node's file, which every Node process shares. */
export const ownMegabytes = (pid: number | undefined): number | undefined =>
  megabytesIn(`/proc/${pid}/smaps_rollup`, /^Anonymous:\s+(\d+) kB/m);

/** The first third of a life beside its last, as medians; its first tenth is warming up and left out. Undefined for too few. */
export function thirdsOf(values: readonly number[]): { first: number; last: number; count: number } | undefined {
  const warm = values.slice(Math.ceil(values.length / 10));
  const third = Math.floor(warm.length / 3);
  if (third === 0) return undefined;
  return { first: median(warm.slice(0, third)), last: median(warm.slice(-third)), count: warm.length };
}
