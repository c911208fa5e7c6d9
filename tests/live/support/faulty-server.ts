/**
 * The product in a process of its own, whose publisher fails now and then (FAULT_SHARE of its steps, by FAULT_SEED) and
 * kills the process: at the KILL_COUNT-th time that it comes to the step KILL_AT, or some steps after a SIGUSR2.
 */
import { seededRandom } from "../../../src/domain/testing/seeded-random.ts";
import { memoryConnections } from "../../../src/local/connections.ts";
import { openStore } from "../../../src/local/open-store.ts";
import { defaultSocketOptions } from "../../../src/local/sockets.ts";
import { start } from "../../../src/local/start.ts";
import { readLocalEnvironment } from "../../../src/runtime/environment.ts";
import { createLogger } from "../../../src/runtime/logger.ts";
import { type AtStep, failing, faultyConnections, faultyStore } from "./faults.ts";

const { FAULT_SEED = "1", FAULT_SHARE = "0", KILL_AT, KILL_COUNT, LIFE_MAX_MS } = process.env;
const random = seededRandom(Number(FAULT_SEED));
const fail = failing(random, Number(FAULT_SHARE));
const stepsOfBatch = 7;
let killAt = KILL_AT;
let killIn = KILL_COUNT === undefined ? Number.POSITIVE_INFINITY : Number(KILL_COUNT);
process.on("SIGUSR2", () => {
  killAt = undefined;
  killIn = 1 + Math.floor(random() * stepsOfBatch);
});

const atStep: AtStep = (step) => {
  if (killAt === undefined || killAt === step) killIn--;
  if (killIn === 0) process.kill(process.pid, "SIGKILL");
  fail(step);
};

const environment = readLocalEnvironment(process.env);
const running = await start(environment, createLogger({ level: "info", release: "1" }), {
  open: async (...given) => faultyStore(await openStore(...given), atStep),
  connections: faultyConnections(memoryConnections(), atStep),
  socketOptions: { ...defaultSocketOptions, ...(LIFE_MAX_MS && { lifeMaxMs: Number(LIFE_MAX_MS) }) },
});
process.once("SIGTERM", () => void running.close().then(() => process.exit(0)));
