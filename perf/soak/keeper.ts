import { once } from "node:events";
import { type Child, startChild } from "../children.ts";
import { residentMegabytes, thirdsOf } from "../memory.ts";

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
    startChild("src/local/main.js", { ...environment, PORT: String(port) });
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

/** Memory of the last life, its first third beside its last, in MB. */
export function memoryOf(samples: readonly Sample[]): { first: number; last: number; seconds: number } | undefined {
  const lastLife = samples.at(-1)?.life;
  const thirds = thirdsOf(samples.filter(({ life }) => life === lastLife).map(({ megabytes }) => megabytes));
  return thirds && { first: thirds.first, last: thirds.last, seconds: (thirds.count * sampleEveryMs) / 1_000 };
}
