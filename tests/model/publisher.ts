import type { FeedItem } from "../../src/live/ports.ts";
import { publish } from "../../src/live/publish.ts";
import { type Database, liveStoreOf } from "./database.ts";
import { connectionsOf, gatewayOf, type Network } from "./network.ts";
import { type Process, type Simulation, start } from "./simulation.ts";
import { shopId } from "./truth.ts";

/** One of the processes that publish the feed; each reads all of it. */
export interface Publisher {
  /** Publishes the next batch, and whatever follows, until the feed is at its end. */
  wake: () => void;
  /** Ends it between any two steps; the next wake is that of a new process, from its last checkpoint. */
  kill: () => void;
  isIdle: () => boolean;
}

export function openPublisher(
  index: number,
  world: {
    database: Database;
    network: Network;
    simulation: Simulation;
    unreadable: number;
    inspect: (id: string, text: string) => void;
    crashed: (error: unknown) => void;
  },
): Publisher {
  const { database, network, simulation } = world;
  let process: Process = start();
  let isBusy = false;

  /** Now and then, an item that cannot be read (LV7). */
  function itemOf(position: number): FeedItem[] {
    const change = database.truth.feed[position];
    if (change === undefined) return [];
    if (!simulation.chance(world.unreadable)) return [{ kind: "change", change }];
    const board = { shopId, date: change.date };
    return [{ kind: "unreadable", position: change.position, reason: "in this model", board }];
  }

  async function run(mine: Process): Promise<void> {
    const ports = {
      live: liveStoreOf(database, simulation, mine),
      connections: connectionsOf(network, simulation, mine),
      gateway: gatewayOf(network, simulation, mine, world.inspect),
      setAside: () => simulation.ask(mine, () => undefined).catch(() => undefined),
      clock: simulation.now,
      random: simulation.random,
    };
    for (let from = checkpoint(); from < database.truth.feed.length; from = checkpoint()) {
      const size = 1 + simulation.below(6);
      let items: readonly FeedItem[] = Array.from({ length: size }, (_, offset) => itemOf(from + offset)).flat();
      const next = from + items.length;
      if (simulation.chance(0.3)) items = [...items].reverse();
      while (items.length > 0) items = await publish(items, ports);
      database.checkpoints[index] = next;
    }
    isBusy = false;
  }

  const checkpoint = () => database.checkpoints[index] ?? 0;

  function kill(): void {
    process.isAlive = false;
    process = start();
    isBusy = false;
  }

  return {
    wake: () => {
      if (isBusy || checkpoint() >= database.truth.feed.length) return;
      isBusy = true;
      run(process).catch(world.crashed);
    },
    kill,
    isIdle: () => !isBusy && checkpoint() >= database.truth.feed.length,
  };
}
