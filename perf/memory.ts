import { readFileSync } from "node:fs";

/** Resident memory of a process in megabytes, from /proc; undefined of one that has ended. */
export function residentMegabytes(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
  } catch {
    return undefined;
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** The first third of a life beside its last, as medians; its first tenth is warming up and left out. Undefined for too few. */
export function thirdsOf(values: readonly number[]): { first: number; last: number; count: number } | undefined {
  const warm = values.slice(Math.ceil(values.length / 10));
  const third = Math.floor(warm.length / 3);
  const [first, last] = [median(warm.slice(0, third)), median(warm.slice(-third))];
  if (third === 0 || first === undefined || last === undefined) return undefined;
  return { first, last, count: warm.length };
}
