import type { Appointment, PublicAppointment, Role } from "@status-board/contracts";
import type { BoardOf, ChangesOf, OpOf } from "../../frontend-client/replica-input.ts";
import type { Principal } from "../../src/auth/principal.ts";
import { boardView } from "../../src/domain/board.ts";
import { publicBoard } from "../../src/domain/projection.ts";
import { answerMessage } from "../../src/live/messages.ts";
import { getChanges } from "../../src/operations/get-changes.ts";
import { StoreUnavailable } from "../../src/store/store.ts";
import { type Database, liveStoreOf } from "./database.ts";
import { connectionsOf, type Network } from "./network.ts";
import { type Process, type Simulation, start } from "./simulation.ts";
import { itemsOf, shopId, write } from "./truth.ts";

/** A card as one role or the other may see it. */
export type SomeCard = Appointment | PublicAppointment;

/** The server as screens know it. Board and changes throw StoreUnavailable when there is no answer. */
export interface Server {
  /** Lets a connection in; false when that failed. */
  open: (id: string, role: Role) => Promise<boolean>;
  /** Answers a client's message to its connection; false when that is not known (any more). */
  hear: (id: string, text: string) => Promise<boolean>;
  snapshot: (date: string, role: Role) => Promise<BoardOf<SomeCard>>;
  changes: (date: string, role: Role, from: { epoch: string; since: number }) => Promise<ChangesOf<SomeCard> | "gone">;
  /** One write by chance, and what its answer says. */
  write: () => Promise<OpOf<Appointment>>;
  /** Whatever is under way in it is lost, and it goes on as new. */
  restart: () => void;
}

/** The order in which an index of places hands out a board: by status, tombstones among them. */
const placeOrder = ["completed", "in_progress", "no_show", "ready", "removed", "scheduled"];

const principalOf = (role: Role): Principal => ({ shopId, user: { id: role, name: `A ${role}` }, role });

export function openServer(
  database: Database,
  network: Network,
  simulation: Simulation,
  hasTornReads: boolean,
  written: () => void,
): Server {
  let process: Process = start();
  let death = Promise.withResolvers<never>();
  const live = () => liveStoreOf(database, simulation, process);
  const connections = () => connectionsOf(network, simulation, process);

  /** The revision first and the cards second (LV6); a torn read is one in two pages, between which others may write. */
  async function snapshot(date: string, role: Role): Promise<BoardOf<SomeCard>> {
    const head = await live().head({ shopId, date });
    const split = hasTornReads ? simulation.below(placeOrder.length + 1) : 0;
    const page = (from: number, to?: number) => {
      const wanted = placeOrder.slice(from, to);
      return simulation.ask(process, () =>
        itemsOf(database.truth, date).filter((item) =>
          wanted.includes(item.kind === "card" ? item.card.status : "removed"),
        ),
      );
    };
    const items = [...(await page(0, split)), ...(await page(split))];
    const cards = items.flatMap((item) => (item.kind === "card" ? [item.card] : []));
    const removed = items.flatMap((item) => (item.kind === "card" ? [] : [{ id: item.id, version: item.version }]));
    const board = boardView({ date, ...head, cards, removed });
    return role === "viewer" ? publicBoard(board) : board;
  }

  async function changes(date: string, role: Role, from: { epoch: string; since: number }) {
    const outcome = await getChanges({ date, ...from }, principalOf(role), { live: live() });
    return outcome.kind === "ok" ? outcome.data : "gone";
  }

  async function hear(id: string, text: string): Promise<boolean> {
    const connection = await connections().find(id);
    if (connection === undefined) return false;
    const ports = { live: live(), connections: connections(), clock: simulation.now, release: "1.2.3" };
    const { messages } = await answerMessage(connection, text, ports);
    for (const message of messages) network.deliver(id, JSON.stringify(message));
    return true;
  }

  async function open(id: string, role: Role): Promise<boolean> {
    await connections().add({ id, principal: principalOf(role) });
    return true;
  }

  /** What is under way in a process when it dies has no answer. */
  const unlessItDies = <T>(work: Promise<T>): Promise<T> => Promise.race([work, death.promise]);

  const orFalse = (error: unknown): false => {
    if (error instanceof StoreUnavailable) return false;
    throw error;
  };

  return {
    open: (id, role) => unlessItDies(open(id, role)).catch(orFalse),
    hear: (id, text) => unlessItDies(hear(id, text)).catch(orFalse),
    snapshot: (date, role) => unlessItDies(snapshot(date, role)),
    changes: (date, role, from) => unlessItDies(changes(date, role, from)),
    write: () =>
      unlessItDies(
        simulation.ask(process, () => {
          const op = write(database.truth, simulation);
          written();
          return op;
        }),
      ),
    restart: () => {
      process.isAlive = false;
      process = start();
      death.promise.catch(() => undefined);
      death.reject(new StoreUnavailable("in this model"));
      death = Promise.withResolvers();
    },
  };
}
