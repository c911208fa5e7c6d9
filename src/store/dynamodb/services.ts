import { limits, type Service } from "@status-board/contracts";
import { type Mutation, recall, remember } from "../../domain/mutation.ts";
import type { StoredService } from "../../domain/service.ts";
import type { Decision, Store } from "../store.ts";
import { type Item, number } from "./attributes.ts";
import type { Context } from "./context.ts";
import type { PutWrite, Write } from "./database.ts";
import { codeKey, serviceKey, servicesRange } from "./keys.ts";
import {
  isOpenToAll,
  isRemovedService,
  isUnheardOf,
  leftCode,
  readHolder,
  readService,
  readStoredService,
  serviceItem,
  takenCode,
  wasLeftBy,
} from "./service-item.ts";
import { again, raceTries } from "./tries.ts";

type Services = Pick<Store, "listServices" | "readService" | "servicesByCode" | "createService" | "changeService">;

const keyOfCode = ({ code }: { code: string }) => code.toUpperCase();
const byCode = (one: Service, other: Service) => (keyOfCode(one) < keyOfCode(other) ? -1 : 1);
const keptUntil = (at: string) => new Date(Date.parse(at) + limits.tombstoneKeptMs).toISOString();

/**
 * A shop's services. Each code has an item of its own that names its service, so that the table itself keeps a code
 * from being given twice (SV2).
 */
export function createServices({ database, persist, now }: Context): Services {
  const living = (items: readonly Item[]) => items.filter((item) => !isRemovedService(item)).map(readService);

  async function read(shopId: string, id: string): Promise<StoredService | undefined> {
    return readStoredService(await database.get(serviceKey(shopId, id)), now());
  }

  return {
    async listServices(shopId) {
      const { items } = await database.query(servicesRange(shopId));
      return living(items).sort(byCode);
    },

    async readService(shopId, id) {
      const stored = await read(shopId, id);
      return stored?.removedUntil === undefined ? stored?.service : undefined;
    },

    async servicesByCode(shopId, codes) {
      const wanted = [...new Set(codes.map((code) => code.toUpperCase()))];
      const holders = await database.getMany(wanted.map((code) => codeKey(shopId, code)));
      const ids = new Set(holders.map(readHolder).flatMap(({ serviceId, isFree }) => (isFree ? [] : [serviceId])));
      const items = await database.getMany([...ids].map((id) => serviceKey(shopId, id)));
      return living(items).filter((service) => wanted.includes(keyOfCode(service)));
    },

    createService(shopId, service, mutation) {
      const { id, code, version } = service;
      const stored: StoredService = { service, memory: remember([], mutation, version) };
      let condition = isUnheardOf;
      return persist(async () => {
        const result = await database.transact([
          { Put: { Item: serviceItem(shopId, stored), ConditionExpression: "attribute_not_exists(pk)" } },
          { Put: takenCode(shopId, code, id, condition) },
        ]);
        if (result.kind === "written") return { kind: "created", service };
        const [, verdict] = result.verdicts;
        if (verdict?.item === undefined) {
          condition = isUnheardOf;
          return again;
        }
        const holder = readHolder(verdict.item);
        const current = await read(shopId, holder.serviceId);
        const isTaken = !holder.isFree && current?.removedUntil === undefined;
        const isRepeat = current !== undefined && recall(current.memory, mutation) !== "new";
        if (current !== undefined && (isTaken || isRepeat)) return { kind: "code_taken", current };
        condition = holder.isFree ? wasLeftBy(holder.serviceId) : isUnheardOf;
        return again;
      }, raceTries);
    },

    changeService<T>(shopId: string, id: string, decide: (current: StoredService) => Decision<Service, T>) {
      let met: StoredService | undefined;
      return persist(async () => {
        const current = met ?? (await read(shopId, id));
        if (current === undefined) return { kind: "not_found" as const };
        const decision = decide(current);
        if (decision.kind === "refuse") return { kind: "refused" as const, outcome: decision.outcome };
        if (current.removedUntil !== undefined) throw new Error("a removed service was decided to be written");
        const next = decision.kind === "remove" ? removed(current, decision) : written(current, decision);
        const result = await database.transact(writesOf(shopId, current, next));
        if (result.kind === "written" && next.removedUntil === undefined)
          return { kind: "written" as const, current: next };
        if (result.kind === "written") return { kind: "removed" as const, version: next.service.version };
        const [row, ...codes] = result.verdicts;
        met = row?.failed ? readStoredService(row.item, now()) : undefined;
        const taken = codes.at(-1);
        const isTaken = !row?.failed && taken?.failed && taken.item && !readHolder(taken.item).isFree;
        return isTaken ? { kind: "code_taken" as const } : again;
      }, raceTries);
    },
  };
}

function written({ memory }: StoredService, { item, mutation }: { item: Service; mutation?: Mutation }): StoredService {
  return { service: item, memory: remember(memory, mutation, item.version) };
}

function removed(
  { service, memory }: StoredService,
  { at, mutation }: { at: string; mutation?: Mutation },
): StoredService {
  const version = service.version + 1;
  return {
    service: { ...service, version, updatedAt: at },
    memory: remember(memory, mutation, version),
    removedUntil: keptUntil(at),
  };
}

/** The service's own row, and what becomes of its code: the one that it takes comes last. */
function writesOf(shopId: string, current: StoredService, next: StoredService): Write[] {
  const { id, version, code } = current.service;
  const row: PutWrite = {
    Item: serviceItem(shopId, next),
    ConditionExpression: "version = :version AND attribute_not_exists(removedUntil)",
    ExpressionAttributeValues: { ":version": number(version) },
  };
  if (next.removedUntil !== undefined) return [{ Put: row }, { Put: leftCode(shopId, code, id, next.removedUntil) }];
  if (keyOfCode(next.service) === keyOfCode(current.service)) return [{ Put: row }];
  return [
    { Put: row },
    { Put: leftCode(shopId, code, id, keptUntil(next.service.updatedAt)) },
    { Put: takenCode(shopId, next.service.code, id, isOpenToAll) },
  ];
}
