import type { DatabaseSync } from "node:sqlite";
import { limits, type Service } from "@status-board/contracts";
import { type Mutation, remember } from "../../domain/mutation.ts";
import type { StoredService } from "../../domain/service.ts";
import type { ChangeResult, Decision } from "../store.ts";
import { text } from "./rows.ts";

type CreateServiceResult = { kind: "created"; service: Service } | { kind: "code_taken"; current: StoredService };
type ChangeServiceResult<T> = ChangeResult<StoredService, T> | { kind: "code_taken" };

/** A shop's services. Those that write run inside a write's transaction. */
export interface Services {
  list: (shopId: string) => readonly Service[];
  read: (shopId: string, id: string) => Service | undefined;
  byCode: (shopId: string, codes: readonly string[]) => readonly Service[];
  create: (shopId: string, service: Service, mutation: Mutation | undefined) => CreateServiceResult;
  change: <T>(
    shopId: string,
    id: string,
    decide: (current: StoredService) => Decision<Service, T>,
  ) => ChangeServiceResult<T>;
  /** Deletes the removed ones whose week is over. */
  prune: () => void;
}

const keyOf = (code: string) => code.toUpperCase();

function parseService(json: string): StoredService {
  return JSON.parse(json);
}

/** Prepares the statements on services. */
export function prepareServices(database: DatabaseSync, now: () => Date): Services {
  const list = database.prepare("SELECT item FROM service WHERE shop = ? AND removedUntil IS NULL ORDER BY code");
  const byId = database.prepare("SELECT item FROM service WHERE shop = ? AND id = ?");
  const byCode = database.prepare("SELECT item FROM service WHERE shop = ? AND code = ? AND removedUntil IS NULL");
  const kept = database.prepare(
    "SELECT item FROM service WHERE shop = ? AND (removedUntil IS NULL OR removedUntil > ?)",
  );
  const upsert = database.prepare(
    `INSERT INTO service (shop, id, code, removedUntil, item) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (shop, id) DO UPDATE SET code = excluded.code, removedUntil = excluded.removedUntil, item = excluded.item`,
  );

  const prune = database.prepare("DELETE FROM service WHERE removedUntil <= ?");

  function put(shopId: string, stored: StoredService): void {
    const { service, removedUntil } = stored;
    upsert.run(shopId, service.id, keyOf(service.code), removedUntil ?? null, JSON.stringify(stored));
  }

  function find(shopId: string, id: string): StoredService | undefined {
    const row = byId.get(shopId, id);
    const stored = row && parseService(text(row.item));
    const expired = stored?.removedUntil !== undefined && stored.removedUntil <= now().toISOString();
    return expired ? undefined : stored;
  }

  function findByCode(shopId: string, code: string): StoredService | undefined {
    const row = byCode.get(shopId, keyOf(code));
    return row && parseService(text(row.item));
  }

  /** The service that this mutation created, renamed or removed since: its repeat must not create another (HT5). */
  function findCreated(shopId: string, mutation: Mutation): StoredService | undefined {
    return kept
      .all(shopId, now().toISOString())
      .map((row) => parseService(text(row.item)))
      .find(({ memory }) => memory.some(({ id, version }) => id === mutation.id && version === 1));
  }

  return {
    list: (shopId) => list.all(shopId).map((row) => parseService(text(row.item)).service),
    read: (shopId, id) => {
      const stored = find(shopId, id);
      return stored?.removedUntil === undefined ? stored?.service : undefined;
    },
    byCode: (shopId, codes) => codes.flatMap((code) => findByCode(shopId, code)?.service ?? []),
    create: (shopId, service, mutation) => {
      const current = findByCode(shopId, service.code) ?? (mutation && findCreated(shopId, mutation));
      if (current !== undefined) return { kind: "code_taken", current };
      put(shopId, { service, memory: remember([], mutation, service.version) });
      return { kind: "created", service };
    },
    change: (shopId, id, decide) => {
      const current = find(shopId, id);
      if (current === undefined) return { kind: "not_found" };
      const decision = decide(current);
      if (decision.kind === "refuse") return { kind: "refused", outcome: decision.outcome };
      if (current.removedUntil !== undefined) throw new Error("a removed service cannot be written");
      if (decision.kind === "remove") {
        const removed = removedOf(current, decision.at, decision.mutation);
        put(shopId, removed);
        return { kind: "removed", version: removed.service.version };
      }
      const { item, mutation } = decision;
      const holder = findByCode(shopId, item.code);
      if (holder !== undefined && holder.service.id !== id) return { kind: "code_taken" };
      const next: StoredService = { service: item, memory: remember(current.memory, mutation, item.version) };
      put(shopId, next);
      return { kind: "written", current: next };
    },
    prune: () => void prune.run(now().toISOString()),
  };
}

function removedOf({ service, memory }: StoredService, at: string, mutation: Mutation | undefined): StoredService {
  const version = service.version + 1;
  return {
    service: { ...service, version, updatedAt: at },
    memory: remember(memory, mutation, version),
    removedUntil: new Date(Date.parse(at) + limits.tombstoneKeptMs).toISOString(),
  };
}
