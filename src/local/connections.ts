import { limits } from "@status-board/contracts";
import { isGood } from "../auth/is-good.ts";
import type { Principal } from "../auth/principal.ts";
import type { Connection, Connections, Watcher } from "../live/ports.ts";
import type { BoardKey } from "../store/live-store.ts";

const keyOf = ({ shopId, date }: BoardKey) => `${shopId} ${date}`;

/** Connections and tickets of this process: they live no longer than it does, so memory is the place for them. */
export function memoryConnections(): Connections {
  const connections = new Map<string, Connection>();
  const boards = new Map<string, Map<string, Watcher>>();
  const tickets = new Map<string, { principal: Principal; expiresAt: string }>();

  function leave({ id, date, principal }: Connection): void {
    if (date === undefined) return;
    const key = keyOf({ shopId: principal.shopId, date });
    const watchers = boards.get(key);
    watchers?.delete(id);
    if (watchers?.size === 0) boards.delete(key);
  }

  return {
    add: async (connection) => void connections.set(connection.id, connection),
    find: async (id) => connections.get(id),
    watch: async (id, date) => {
      const connection = connections.get(id);
      if (connection === undefined) return false;
      leave(connection);
      const { principal } = connection;
      connections.set(id, { id, principal, ...(date !== undefined && { date }) });
      if (date === undefined) return true;
      const key = keyOf({ shopId: principal.shopId, date });
      const watchers = boards.get(key) ?? new Map<string, Watcher>();
      boards.set(key, watchers.set(id, { id, role: principal.role }));
      return true;
    },
    remove: async (id) => {
      const connection = connections.get(id);
      if (connection === undefined) return;
      leave(connection);
      connections.delete(id);
    },
    watchers: async (board) => [...(boards.get(keyOf(board))?.values() ?? [])],
    // Looked for when a session ends, among the few that one process has.
    ofSession: async (hash) =>
      [...connections.values()].flatMap(({ id, principal }) => (principal.session?.hash === hash ? [id] : [])),

    putTicket: async (hash, principal, expiresAt) => void tickets.set(hash, { principal, expiresAt }),
    takeTicket: async (hash, now) => {
      const isStillGood = ({ expiresAt }: { expiresAt: string }) =>
        isGood(expiresAt, limits.ticketValidMs, new Date(now));
      const ticket = tickets.get(hash);
      tickets.delete(hash);
      for (const [other, kept] of tickets) if (!isStillGood(kept)) tickets.delete(other);
      return ticket !== undefined && isStillGood(ticket) ? ticket.principal : undefined;
    },
  };
}
