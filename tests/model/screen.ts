import type { Role } from "@status-board/contracts";
import { type Replica, receive, replicaOf, resumePoint } from "../../frontend-client/replica.ts";
import type { ReplicaInput, Wanted, WrittenOf } from "../../frontend-client/replica-input.ts";
import { StoreUnavailable } from "../../src/store/store.ts";
import type { Network } from "./network.ts";
import type { Server, SomeCard } from "./server.ts";
import type { Simulation } from "./simulation.ts";

/** Somebody's screen: a replica, and the few lines that carry out what it wants. */
export interface Screen {
  name: string;
  role: Role;
  replica: () => Replica<SomeCard>;
  /** The id of its connection, if it has one. */
  socket: () => string | undefined;
  /** False while a subscribe of its own is not answered. */
  isAnswered: () => boolean;
  /** Opens a socket and subscribes, whether the former was cut or is being replaced. */
  connect: () => void;
  cut: () => void;
  ping: () => void;
  poll: () => void;
  /** Its user writes something, and it takes in the answer; a viewer writes nothing. */
  write: () => void;
  /** Shows another day, or the same from nothing. */
  turnTo: (date: string) => void;
}

export interface ScreenWorld {
  server: Server;
  network: Network;
  simulation: Simulation;
  /** Sees each state that a screen comes to. */
  observe: (screen: string, role: Role, replica: Replica<SomeCard>) => void;
  observeWrite: (screen: string, role: Role, written: WrittenOf<SomeCard>) => void;
  crashed: (error: unknown) => void;
}

export function openScreen(name: string, role: Role, date: string, world: ScreenWorld): Screen {
  const { server, network, simulation } = world;
  let replica: Replica<SomeCard> = replicaOf(date);
  let fetching: Wanted | undefined;
  let socket: string | undefined;
  let sockets = 0;
  let isAnswered = true;

  function show(next: Replica<SomeCard>): void {
    replica = next;
    world.observe(name, role, replica);
    if (replica.wanted === fetching) return;
    fetching = replica.wanted;
    if (fetching) fetchUntilAnswered(fetching, replica.date).catch(world.crashed);
  }

  const take = (input: ReplicaInput<SomeCard>) => show(receive(replica, input));

  async function answerTo(asked: Wanted, day: string): Promise<ReplicaInput<SomeCard>> {
    await network.http;
    if (asked.kind === "snapshot") return { type: "snapshot", asked, answer: await server.snapshot(day, role) };
    const answer = await server.changes(day, role, asked);
    return { type: "changes", asked, answer: answer === "gone" ? undefined : answer };
  }

  /** An answer is handed over even if nobody waits for it any more, and at times twice. */
  async function fetchUntilAnswered(asked: Wanted, day: string): Promise<void> {
    while (replica.wanted === asked) {
      try {
        const input = await answerTo(asked, day);
        if (simulation.chance(0.3)) await simulation.linger(simulation.below(30));
        if (simulation.chance(network.weather.doubled)) simulation.later(() => take(input));
        take(input);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
      }
    }
  }

  /** An answer may be long on its way, and then come to another board, or to another life of the same. */
  async function write(): Promise<void> {
    const { epoch } = replica;
    try {
      const op = await server.write();
      if (simulation.chance(0.3)) await simulation.linger(simulation.below(30));
      const written: WrittenOf<SomeCard> = { type: "written", epoch, op };
      world.observeWrite(name, role, written);
      take(written);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }

  function hear(id: string, text: string): void {
    const message: ReplicaInput<SomeCard> | { type: "error" } | { type: "bye" } = JSON.parse(text);
    if (message.type === "error" || message.type === "bye") {
      lost(id);
      return;
    }
    take(message);
    if (message.type === "subscribed" && message.date === replica.date) isAnswered = true;
    // Two subscribes overtook each other, so that the server watches another day than this screen shows.
    if (message.type === "pong" && message.date !== replica.date && isAnswered && id === socket) subscribe();
  }

  /** The socket turned out to be of no use. */
  function lost(id: string): void {
    if (socket === id) simulation.later(connect);
  }

  function send(id: string, message: object): void {
    const text = JSON.stringify(message);
    const arrive = async () => {
      if (!(await server.hear(id, text))) lost(id);
    };
    simulation.later(() => void arrive().catch(world.crashed));
  }

  function subscribe(): void {
    if (socket === undefined) return;
    isAnswered = false;
    send(socket, { action: "subscribe", date: replica.date, ...resumePoint(replica) });
  }

  function close(state: "cut" | "dead"): void {
    const link = socket === undefined ? undefined : network.links.get(socket);
    socket = undefined;
    if (link) link.state = state;
  }

  function connect(): void {
    const former = socket === undefined ? undefined : network.links.get(socket);
    if (former) simulation.later(() => (former.state = "cut"));
    const id = `${name}-${++sockets}`;
    socket = id;
    network.links.set(id, { state: "open", receive: (text) => hear(id, text) });
    const open = async () => {
      if (!(await server.open(id, role))) lost(id);
      else if (socket === id) subscribe();
    };
    void open().catch(world.crashed);
  }

  show(replica);
  return {
    name,
    role,
    replica: () => replica,
    socket: () => socket,
    isAnswered: () => isAnswered,
    connect,
    cut: () => close(simulation.chance(0.5) ? "cut" : "dead"),
    ping: () => {
      if (socket !== undefined) send(socket, { action: "ping", rev: replica.rev });
    },
    poll: () => take({ type: "poll" }),
    write: () => {
      if (role !== "viewer") void write().catch(world.crashed);
    },
    turnTo: (next) => {
      isAnswered = true;
      show(replicaOf(next));
      subscribe();
    },
  };
}
