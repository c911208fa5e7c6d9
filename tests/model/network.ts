import type { Connection, Connections, Gateway } from "../../src/live/ports.ts";
import type { Process, Simulation } from "./simulation.ts";

/** What messages suffer on their way to a screen. They always come in any order. */
export interface Weather {
  lost: number;
  doubled: number;
}

/** A socket as the world sees it. */
export interface Link {
  /** `cut`: nobody is there, and the server is told so. `dead`: nobody is there, and nobody knows. */
  state: "open" | "cut" | "dead";
  receive: (text: string) => void;
}

/** All sockets, and what the server has written down about them. */
export interface Network {
  weather: Weather;
  /** Requests wait for it. */
  http: Promise<void>;
  links: Map<string, Link>;
  rows: Map<string, Connection>;
  /** Sends a text on its way. */
  deliver: (id: string, text: string) => void;
}

export function openNetwork(simulation: Simulation, weather: Weather): Network {
  const links = new Map<string, Link>();
  function deliver(id: string, text: string): void {
    const link = links.get(id);
    if (link === undefined || simulation.chance(weather.lost)) return;
    // What was under way when a socket closed may still be handed out: two sockets live at a planned swap (CL4).
    const arrive = () => (link.state === "open" || simulation.chance(0.5)) && link.receive(text);
    simulation.later(arrive);
    if (simulation.chance(weather.doubled)) simulation.later(arrive);
  }
  return { weather, http: Promise.resolve(), links, rows: new Map(), deliver };
}

const unused = () => Promise.reject(new Error("nobody needs a ticket here"));

/** The connections as one process of the server writes and reads them. */
export function connectionsOf({ rows }: Network, simulation: Simulation, process: Process): Connections {
  const ask = <T>(action: () => T) => simulation.ask(process, action);
  return {
    add: (connection) => ask(() => void rows.set(connection.id, connection)),
    find: (id) => ask(() => rows.get(id)),
    watch: (id, date) =>
      ask(() => {
        const row = rows.get(id);
        if (row === undefined) return false;
        rows.set(id, { id, principal: row.principal, ...(date !== undefined && { date }) });
        return true;
      }),
    remove: (id) => ask(() => void rows.delete(id)),
    watchers: ({ date }) =>
      ask(() => {
        const watching = [...rows.values()].filter((row) => row.date === date);
        return watching.map(({ id, principal }) => ({ id, role: principal.role }));
      }),
    ofSession: unused,
    putTicket: unused,
    takeTicket: unused,
  };
}

/** The way to the sockets for one process of the server. `inspect` sees whatever goes out. */
export function gatewayOf(
  network: Network,
  simulation: Simulation,
  process: Process,
  inspect: (id: string, text: string) => void,
): Gateway {
  return {
    post: (id, text) =>
      new Promise((resolve) =>
        simulation.later(() => {
          if (!process.isAlive && simulation.chance(0.5)) return;
          const state = network.links.get(id)?.state ?? "cut";
          inspect(id, text);
          if (state === "open") network.deliver(id, text);
          simulation.later(() => process.isAlive && resolve(state === "cut" ? "gone" : "sent"));
        }),
      ),
    close: () => Promise.reject(new Error("no post fails here")),
  };
}
