import { it } from "vitest";
import { dynamo } from "./support/databases.ts";
import { storm } from "./support/storm.ts";

const seed = Number(process.env.STORM_SEED ?? Date.now() % 1e9);
const seconds = Number(process.env.STORM_SECONDS ?? 30);

it("[LV7] 50 clients equal the store after a storm with cuts, faults and killed publishers", { timeout: 300_000 }, () =>
  storm(dynamo, { seed, seconds, screens: 50, writers: 8, kills: 3 }),
);
