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
}

function parsePrincipal(json: string): Principal {
  return JSON.parse(json);
}

/** Prepares the statements. */
export function prepareSessions(database: DatabaseSync): SessionRows {
  const put = database.prepare("INSERT INTO session (hash, expiresAt, principal) VALUES (?, ?, ?)");
  const find = database.prepare("SELECT expiresAt, principal FROM session WHERE hash = ? AND expiresAt > ?");
  const end = database.prepare("DELETE FROM session WHERE hash = ?");
  const prune = database.prepare("DELETE FROM session WHERE expiresAt <= ?");
  return {
    put: (hash, { shopId, user, role }, expiresAt) =>
      void put.run(hash, expiresAt, JSON.stringify({ shopId, user, role } satisfies Principal)),
    find: (hash, now) => {
      const row = find.get(hash, now);
      if (row === undefined) return undefined;
      return { ...parsePrincipal(text(row.principal)), session: { hash, expiresAt: text(row.expiresAt) } };
    },
    end: (hash) => void end.run(hash),
    prune: (now) => void prune.run(now),
  };
}
