import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type Child, startChild } from "../children.ts";

const sampleEveryMs = 500;

/** Resident memory at one moment, of the life of the server that it had then. */
export interface Sample {
  life: number;
  megabytes: number;
}

/** Keeps `npm start`'s server running on one port and one directory, whatever becomes of it. */
export interface Keeper {
  url: string;
  port: number;
  pid: () => number;
  /** Kills it without a warning; resolves when it is there again. */
  kill: () => Promise<void>;
  samples: readonly Sample[];
  stop: () => Promise<void>;
}

export async function startKeeper(directory: string): Promise<Keeper> {
  const environment = { DATA_DIR: directory, SEED: "off", SHOP_TIME_ZONE: "UTC", LOG_LEVEL: "info" };
  const start = (port: number): Promise<Child> =>
    startChild("src/local/main.ts", { ...environment, PORT: String(port) });
  let child = await start(0);
  const { url } = child;
  const port = Number(new URL(url).port);
  let life = 1;
  const samples: Sample[] = [];
  const sampling = setInterval(() => {
    const megabytes = residentMegabytes(child.process.pid);
    if (megabytes !== undefined) samples.push({ life, megabytes });
  }, sampleEveryMs);
  return {
    url,
    port,
    pid: () => child.process.pid ?? 0,
    kill: async () => {
      const ended = once(child.process, "exit");
      child.process.kill("SIGKILL");
      await ended;
      child = await start(port);
      life++;
    },
    samples,
    stop: async () => {
      clearInterval(sampling);
      await child.stop();
    },
  };
}

/** From /proc; nothing of a process that has just ended. */
function residentMegabytes(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
  } catch {
    return undefined;
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Memory of the last life, its first third beside its last, medians in MB; its first tenth is warming up and left out. */
export function memoryOf(samples: readonly Sample[]): { first: number; last: number; seconds: number } | undefined {
  const lastLife = samples.at(-1)?.life;
  const own = samples.filter(({ life }) => life === lastLife).map(({ megabytes }) => megabytes);
  const warm = own.slice(Math.ceil(own.length / 10));
  const third = Math.floor(warm.length / 3);
  const [first, last] = [median(warm.slice(0, third)), median(warm.slice(-third))];
  if (third === 0 || first === undefined || last === undefined) return undefined;
  return { first, last, seconds: (warm.length * sampleEveryMs) / 1_000 };
}
