import { setTimeout as wait } from "node:timers/promises";
import { expect, vi } from "vitest";
import { seededRandom } from "../../../src/domain/testing/seeded-random.ts";
import { type ServerProcess, startServer } from "../../../src/testing/server-process.ts";
import { startChaosProxy } from "./chaos-proxy.ts";
import type { Database } from "./databases.ts";
import { httpApi } from "./http-api.ts";
import { openRawLive } from "./raw-socket.ts";
import { expectAllEqual, openScreen } from "./screens.ts";
import { type Tally, writeAtRandom } from "./writer.ts";

export const stormDates = ["2031-03-03", "2031-03-04", "2031-03-05"];
const script = "tests/live/support/faulty-server.ts";
const cutEveryMs = 120;
/** A storm with fewer writes of a kind that succeeded would prove little. */
const leastOfEach = 5;
const enoughAfterMs = 120_000;

interface StormOptions {
  seed: number;
  seconds: number;
  screens: number;
  writers: number;
  /** How often the server is killed amid a batch. */
  kills: number;
}

/**
 * A storm over a real server of its own process: everybody writes, sockets are cut, the publisher fails and is killed.
 * When it is over, every screen must show what the store has.
 */
export async function storm(database: Database, options: StormOptions): Promise<void> {
  const { seed, seconds, screens: screenCount, writers, kills } = options;
  console.log(`storm on ${database.name}: STORM_SEED=${seed}`);
  const random = seededRandom(seed);
  const variables = await database.variables();
  const keeper = await keepServer(variables, random);
  const proxy = await startChaosProxy(() => keeper.server().port, random);
  const direct = httpApi(keeper.server().url);

  const screens = Array.from({ length: screenCount }, (_, index) =>
    openScreen({ baseUrl: proxy.url, date: stormDates[index % stormDates.length] ?? "", random }, proxy.url),
  );
  const neverReads = await openRawLive(direct, stormDates[0] ?? "", false);
  const tally: Tally = new Map();
  const started = performance.now();
  const ending = new AbortController();
  const over = ending.signal;
  const writing = Array.from({ length: writers }, () =>
    writeAtRandom({ api: direct, dates: stormDates, random, tally, signal: over }),
  );
  const cutting = (async () => {
    while (!over.aborted) {
      await wait(random() * 2 * cutEveryMs);
      if (random() < 0.7) proxy.cutOne();
      else screens[Math.floor(random() * screenCount)]?.cut();
    }
  })();
  for (let killed = 0; killed < kills; killed++) {
    await wait((seconds * 1_000) / (kills + 2));
    await keeper.kill();
  }
  // A kill comes amid a batch, so that there have to be writes until the last one, however slowly servers start.
  await wait(Math.max(0, started + seconds * 1_000 - performance.now()));
  await vi.waitFor(() => expectEnough(tally), { timeout: enoughAfterMs, interval: 100 });
  ending.abort();
  await Promise.all([...writing, cutting]);
  proxy.calm();
  console.log(`storm on ${database.name}: ${proxy.cuts()} cuts, ${kills} kills, ${summary(tally)}`);
  expectNothingBroken(tally);
  await expectAllEqual(screens, direct);
  neverReads.destroy();
}

const summary = (tally: Tally): string =>
  [...tally]
    .toSorted()
    .map(([what, times]) => `${what}: ${times}`)
    .join(", ");

/** That each kind of write succeeded often: a slow machine needs longer for that than a storm's time. */
function expectEnough(tally: Tally): void {
  for (const [name, status] of [
    ["createAppointment", 201],
    ["editAppointment", 200],
    ["moveAppointment", 200],
    ["undoMove", 200],
    ["removeAppointment", 200],
    ["reschedule", 200],
  ] as const)
    expect(tally.get(`${name} ${status}`), name).toBeGreaterThan(leastOfEach);
}

/** That no answer was one that only a fault of ours would give. */
function expectNothingBroken(tally: Tally): void {
  const expected = / (200|201|404|409|503)$|^cut$/;
  expect([...tally.keys()].filter((what) => !expected.test(what))).toEqual([]);
}

interface Keeper {
  server: () => ServerProcess;
  /** Kills the server some steps further on; resolves when it is there again. */
  kill: () => Promise<void>;
}

/** Keeps a server running on one port. */
async function keepServer(variables: Record<string, string>, random: () => number): Promise<Keeper> {
  const launch = (port: string) => {
    const faults = { FAULT_SEED: String(Math.floor(random() * 1e9)), FAULT_SHARE: "0.01", LIFE_MAX_MS: "7000" };
    return startServer({ ...variables, ...faults, PORT: port, SHOP_TIME_ZONE: "UTC" }, script);
  };
  let server = await launch("0");
  const port = String(server.port);
  return {
    server: () => server,
    kill: async () => {
      server.signal("SIGUSR2");
      await server.ended;
      server = await launch(port);
    },
  };
}
