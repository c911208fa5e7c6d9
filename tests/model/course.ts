import type { Role } from "@status-board/contracts";
import {
  backUp,
  type Database,
  emptyDatabase,
  expireEntries,
  letWeekPass,
  restore,
  startUncleanly,
} from "./database.ts";
import { appointJudge, differenceFrom, type Encounter, type Judge, looksTrue } from "./judge.ts";
import { type Network, openNetwork } from "./network.ts";
import { openPublisher, type Publisher } from "./publisher.ts";
import { openScreen, type Screen } from "./screen.ts";
import { openServer } from "./server.ts";
import { type Simulation, simulate } from "./simulation.ts";
import { dates, write } from "./truth.ts";

/** How a course of things is to be: how much happens, and what goes wrong, as probabilities. */
export interface Plan {
  /** All chance comes from it. */
  seed: number;
  events: number;
  screens: number;
  publishers: number;
  lost: number;
  doubled: number;
  unavailable: number;
  unreadable: number;
  /** Publishers and sockets are killed, entries expire. */
  hasAccidents: boolean;
  /** The database is restored, or starts uncleanly. */
  hasRestarts: boolean;
  /** Boards are read in pages, so that a card which moves meanwhile is met twice or missed. */
  hasTornReads: boolean;
  /** From somewhere on nobody publishes any more. */
  stops: boolean;
}

interface World {
  simulation: Simulation;
  database: Database;
  network: Network;
  judge: Judge;
  publishers: Publisher[];
  screens: Screen[];
  restart: (accident: (database: Database, simulation: Simulation) => void) => void;
  /** How likely a publisher is to notice what was written. */
  feed: { wakes: number };
  errors: unknown[];
}

/** What came of a course. */
export interface Outcome {
  violations: string[];
  met: ReadonlySet<Encounter>;
  /** A screen was wrong and believed itself right, because the fingerprint was the same by chance (see WS3). */
  wasMistaken: boolean;
}

function begin(plan: Plan): World {
  const simulation = simulate(plan.seed, plan.unavailable);
  const database = emptyDatabase(plan.publishers);
  const network = openNetwork(simulation, { lost: plan.lost, doubled: plan.doubled });
  const judge = appointJudge(database, plan.hasTornReads);
  const errors: unknown[] = [];
  const crashed = (error: unknown) => void errors.push(error);
  const feed = { wakes: 0.7 };
  const wake = () => {
    for (const publisher of publishers) if (simulation.chance(feed.wakes)) publisher.wake();
  };
  const server = openServer(database, network, simulation, plan.hasTornReads, wake);
  const { unreadable } = plan;
  const publishers = Array.from({ length: plan.publishers }, (_, index) =>
    openPublisher(index, { database, network, simulation, unreadable, inspect: judge.inspect, crashed }),
  );
  const roles: Role[] = ["manager", "viewer"];
  const screens = Array.from({ length: plan.screens }, (_, index) =>
    openScreen(`screen ${index + 1}`, roles[index % 2] ?? "viewer", dates[0], {
      server,
      network,
      simulation,
      observe: judge.observe,
      observeWrite: judge.observeWrite,
      crashed,
    }),
  );
  const restart: World["restart"] = (accident) => {
    for (const publisher of publishers) publisher.kill();
    server.restart();
    simulation.goDown();
    accident(database, simulation);
  };
  return { simulation, database, network, judge, publishers, screens, restart, feed, errors };
}

type Event = (world: World) => void | Promise<void>;
const someScreen = ({ simulation, screens }: World) => simulation.pick(screens);

const ordinary: readonly Event[] = [
  (world) => someScreen(world).ping(),
  (world) => someScreen(world).poll(),
  (world) => someScreen(world).poll(),
  (world) => someScreen(world).connect(),
  (world) => someScreen(world).turnTo(world.simulation.pick([dates[0], dates[0], dates[1]])),
];
const accidents: readonly Event[] = [
  (world) => someScreen(world).cut(),
  ({ simulation, publishers }) => simulation.pick(publishers).kill(),
  ({ simulation, publishers }) => simulation.pick(publishers).kill(),
  ({ simulation, database }) => expireEntries(database, simulation),
  passWeek,
];

/** Nobody takes a week to answer: whatever is under way ends first. */
async function passWeek({ simulation, database, publishers }: World): Promise<void> {
  await simulation.run();
  if (publishers.every((publisher) => publisher.isIdle())) letWeekPass(database);
}

const restarts: readonly Event[] = [
  ({ database }) => backUp(database),
  ({ restart }) => restart(restore),
  ({ restart }) => restart(startUncleanly),
];

/** What happens next: mostly somebody writes. */
function nextEvent(plan: Plan, world: World): Event {
  const { simulation } = world;
  if (simulation.chance(0.25)) return (some) => someScreen(some).write();
  if (simulation.chance(0.4)) return ({ database }) => void write(database.truth, simulation);
  if (plan.hasRestarts && simulation.chance(0.15)) return simulation.pick(restarts);
  return simulation.pick(plan.hasAccidents && simulation.chance(0.4) ? accidents : ordinary);
}

/** One course of things from its beginning to its end, when all is quiet and everybody has had a chance to recover. */
export async function happen(plan: Plan): Promise<Outcome> {
  const world = begin(plan);
  const { simulation, publishers, screens, feed } = world;
  const stopsAt = plan.stops ? simulation.below(plan.events) : Number.POSITIVE_INFINITY;
  for (const screen of screens) if (simulation.chance(0.8)) screen.connect();
  for (let event = 0; event < plan.events; event++) {
    await nextEvent(plan, world)(world);
    if (event === stopsAt) {
      feed.wakes = 0;
      for (const publisher of publishers) publisher.kill();
    }
    for (const publisher of publishers) if (simulation.chance(feed.wakes)) publisher.wake();
    // Now and then a pause, else everything at once.
    await simulation.run(simulation.below(simulation.chance(0.1) ? 100 : 12));
  }
  return finish(world, plan);
}

async function finish(world: World, plan: Plan): Promise<Outcome> {
  const { simulation, network, publishers, screens, judge } = world;
  const isStopped = plan.stops;
  simulation.faults.unavailable = network.weather.lost = network.weather.doubled = 0;
  // Subscribing, reading and publishing race once more, with nothing after it that could make up for a loss (LV6).
  for (const screen of screens)
    simulation.pick([() => undefined, () => resume(screen), () => screen.turnTo(dates[0])])();
  // Also what is still under way from a screen to the database is noticed.
  world.feed.wakes = isStopped ? 0 : 1;
  if (!isStopped) for (const publisher of publishers) publisher.wake();
  await simulation.run();
  if (!isStopped && publishers.some((publisher) => !publisher.isIdle())) judge.violations.push("the feed is not read");
  if (plan.lost === 0 && !plan.hasAccidents && !plan.hasRestarts && !isStopped) judgeUndisturbed(world);
  // The sockets are there again, or a heartbeat tells of what was lost on them.
  for (const screen of screens) {
    const isDeaf = !screen.isAnswered() || screen.socket() === undefined;
    if (isDeaf || simulation.chance(0.5)) screen.connect();
    else screen.ping();
  }
  await simulation.run();
  return isStopped ? judgeStopped(world) : judgeFlowing(world);
}

function resume(screen: Screen): void {
  screen.cut();
  screen.connect();
}

/** Where nothing was lost, nobody needs a heartbeat in order to be right. */
function judgeUndisturbed({ database, network, screens, judge }: World): void {
  for (const screen of screens) {
    const replica = screen.replica();
    if (network.rows.get(screen.socket() ?? "")?.date !== replica.date) continue;
    const difference = differenceFrom(database, screen.role, replica);
    if (difference !== undefined || (replica.trust === "stale" && !replica.doubt))
      judge.violations.push(`${screen.name} (${replica.trust}) was told everything, and differs: ${difference}`);
  }
}

/** A feed that flows brings the truth to everybody without any need of doubt. */
async function judgeFlowing(world: World): Promise<Outcome> {
  const { simulation, database, screens, judge } = world;
  for (const screen of screens) {
    const difference = differenceFrom(database, screen.role, screen.replica());
    if (difference) judge.violations.push(`${screen.name} differs: ${difference}`);
  }
  for (const screen of screens) screen.ping();
  await simulation.run();
  for (const screen of screens) if (screen.replica().trust !== "live") judge.violations.push(`${screen.name} is stale`);
  return outcomeOf(world, false);
}

/**
 * Where the feed has stopped, heartbeats alone find out: first that something is wrong, which a screen says while it
 * cannot yet find out what, then what.
 */
async function judgeStopped(world: World): Promise<Outcome> {
  const { simulation, network, screens, judge } = world;
  const { promise, resolve } = Promise.withResolvers<void>();
  network.http = promise;
  await beat(world);
  await beat(world);
  const wasMistaken = areMistaken(world);
  resolve();
  await simulation.run();
  await beat(world);
  await beat(world);
  const areStillMistaken = areMistaken(world);
  for (const screen of screens) if (screen.replica().trust !== "live") judge.violations.push(`${screen.name} is stale`);
  return outcomeOf(world, wasMistaken || areStillMistaken);
}

async function beat({ simulation, screens }: World): Promise<void> {
  for (const screen of screens) screen.ping();
  await simulation.run();
}

/** Screens that are wrong must say so, unless their fingerprint is that of the truth by chance. */
function areMistaken({ database, screens, judge }: World): boolean {
  let areAny = false;
  for (const screen of screens) {
    const replica = screen.replica();
    const difference = differenceFrom(database, screen.role, replica);
    if (difference === undefined || replica.trust === "stale") continue;
    if (looksTrue(database, replica)) areAny = true;
    else judge.violations.push(`${screen.name} is wrong and sure of itself: ${difference}`);
  }
  return areAny;
}

function outcomeOf({ judge, errors }: World, wasMistaken: boolean): Outcome {
  return { violations: [...errors.map(String), ...judge.violations], met: judge.met, wasMistaken };
}
