import type { DatabaseSync } from "node:sqlite";
import type { Principal } from "../../auth/principal.ts";
import { text } from "./rows.ts";

/** The statements on sessions. Those that write run inside a write's transaction. */
export interface SessionRows {
  put: (hash: string, principal: Principal, expiresAt: string) => void;
  find: (hash: string, now: string) => Principal | undefined;
  end: (hash: string) => void;
  /** Deletes those that are over. */
  prune: (now: string) => void;
  /** Drops what memory holds: somebody else is about to write the table. */
  forget: () => void;
}

/** Sessions looked up lately; a shop's screens are fewer. */
const sessionsInMemory = 1_000;

function parsePrincipal(json: string): Principal {
  return JSON.parse(json);
}

/**
 * Prepares the statements. This process alone writes the table, so each request's look at its session (AU2) is a look into
 * memory until something is written of any session.
 */
export function prepareSessions(database: DatabaseSync): SessionRows {
  const put = database.prepare("INSERT INTO session (hash, expiresAt, principal) VALUES (?, ?, ?)");
  const find = database.prepare("SELECT expiresAt, principal FROM session WHERE hash = ?");
  const end = database.prepare("DELETE FROM session WHERE hash = ?");
  const prune = database.prepare("DELETE FROM session WHERE expiresAt <= ?");
  const known = new Map<string, Principal & { session: { hash: string; expiresAt: string } }>();

  function findRow(hash: string) {
    const row = find.get(hash);
    if (row === undefined) return undefined;
    const principal = { ...parsePrincipal(text(row.principal)), session: { hash, expiresAt: text(row.expiresAt) } };
    if (known.size >= sessionsInMemory) known.clear();
    known.set(hash, principal);
    return principal;
  }

  return {
    put: (hash, { shopId, user, role }, expiresAt) =>
      void put.run(hash, expiresAt, JSON.stringify({ shopId, user, role } satisfies Principal)),
    find: (hash, now) => {
      const principal = known.get(hash) ?? findRow(hash);
      return principal !== undefined && principal.session.expiresAt > now ? principal : undefined;
    },
    end: (hash) => void end.run(hash),
    prune: (now) => void prune.run(now),
    forget: () => known.clear(),
  };
}
