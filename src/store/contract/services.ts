import { limits, type Service } from "@status-board/contracts";
import { ulid } from "ulid";
import { expect } from "vitest";
import { type Mutation, recall } from "../../domain/mutation.ts";
import { defined } from "../../domain/outcome.ts";
import type { StoredService } from "../../domain/service.ts";
import { anna, tally, type Workshop, type WorkshopTest } from "./workshop.ts";

function newService(shop: Workshop, code: string, change: Partial<Service> = {}): Service {
  const at = shop.now();
  const rest = { name: `Service ${code}`, priceCents: 4_900, minutes: 30, active: true, createdAt: at, updatedAt: at };
  return { id: ulid(), version: 1, code, ...rest, ...change };
}

async function addService(shop: Workshop, code: string, mutation?: Mutation): Promise<Service> {
  const result = await shop.store.createService(shop.shopId, newService(shop, code), mutation);
  if (result.kind !== "created") throw new Error(`expected a new service, but: ${result.kind}`);
  return result.service;
}

/** Replaces some fields of a service, whatever its version. */
const edit = (shop: Workshop, id: string, change: Partial<Service>, mutation?: Mutation) =>
  shop.store.changeService(shop.shopId, id, ({ service }) => {
    const item = { ...service, ...change, version: service.version + 1, updatedAt: shop.now() };
    return defined({ kind: "write" as const, item, mutation });
  });

const remove = (shop: Workshop, id: string, mutation?: Mutation) =>
  shop.store.changeService<StoredService>(shop.shopId, id, (current) =>
    current.removedUntil === undefined
      ? defined({ kind: "remove" as const, by: anna, at: shop.now(), mutation })
      : { kind: "refuse", outcome: current },
  );

async function itemOf(shop: Workshop, id: string): Promise<StoredService | undefined> {
  const result = await shop.store.changeService<StoredService>(shop.shopId, id, (current) => ({
    kind: "refuse",
    outcome: current,
  }));
  return result.kind === "refused" ? result.outcome : undefined;
}

const codes = async (shop: Workshop) => (await shop.store.listServices(shop.shopId)).map(({ code }) => code);

/** Services: codes that stay unique, and a removed service's memory. */
export function serviceContract(it: WorkshopTest): void {
  it("[SV1] lists all services by their code in upper case, retired ones too", async (shop) => {
    expect(await shop.store.listServices(shop.shopId)).toEqual([]);
    const services: Service[] = [];
    for (const code of ["b2", "A-1", "a_1", "B10", "A1", "c"])
      services.push(newService(shop, code, { active: code !== "c", description: `About ${code}\n\tin two lines` }));
    for (const service of services)
      expect(await shop.store.createService(shop.shopId, service, undefined)).toStrictEqual({
        kind: "created",
        service,
      });
    expect(await codes(shop)).toEqual(["A-1", "A1", "a_1", "B10", "b2", "c"]);
    for (const service of services) {
      expect(await shop.store.listServices(shop.shopId)).toContainEqual(service);
      expect(await shop.store.readService(shop.shopId, service.id)).toStrictEqual(service);
    }
    expect(await shop.store.readService(shop.shopId, ulid())).toBeUndefined();
  });

  it("[CA3] finds services by their codes in any case, and passes over those that are none", async (shop) => {
    for (const code of ["oil001", "TYRE", "Brakes"]) await addService(shop, code);
    const found = async (wanted: string[]) =>
      (await shop.store.servicesByCode(shop.shopId, wanted)).map(({ code }) => code).toSorted();
    expect(await found(["OIL001", "tyre", "none"])).toEqual(["TYRE", "oil001"]);
    expect(await found(["brakes"])).toEqual(["Brakes"]);
    expect(await found([])).toEqual([]);
    expect(await found(["__proto__", "constructor"])).toEqual([]);
  });

  uniqueness(it);
  changes(it);
  removal(it);
}

function uniqueness(it: WorkshopTest): void {
  it("[SV2] lets one of 20 creations of one code succeed, in whatever case", async (shop) => {
    const attempts = Array.from({ length: 20 }, (_, index) =>
      shop.store.createService(
        shop.shopId,
        newService(shop, index % 2 === 0 ? "oil001" : "OIL001", { name: `Try ${index}` }),
        { id: `m${index}`, hash: "h" },
      ),
    );
    expect(await tally(attempts)).toEqual({ created: 1, code_taken: 19 });
    const results = await Promise.all(attempts);
    const won = results.findIndex(({ kind }) => kind === "created");
    const [service] = await shop.store.listServices(shop.shopId);
    expect(service?.name).toBe(`Try ${won}`);
    const memory = [{ id: `m${won}`, hash: "h", version: 1 }];
    for (const result of results)
      if (result.kind === "code_taken") expect(result.current).toStrictEqual({ service, memory });
    expect(await codes(shop)).toHaveLength(1);
  });

  it("[SV2] refuses a change to a code that another service has, in any case", async (shop) => {
    await addService(shop, "OIL001");
    const other = await addService(shop, "TYRE");
    expect(await edit(shop, other.id, { code: "oil001", name: "New" })).toEqual({ kind: "code_taken" });
    expect(await shop.store.readService(shop.shopId, other.id)).toStrictEqual(other);
    expect(await codes(shop)).toEqual(["OIL001", "TYRE"]);
  });

  it("[SV2] lets one of two services that change to one code at once have it", async (shop) => {
    const services = [await addService(shop, "A"), await addService(shop, "B")];
    const attempts = services.map(({ id }) => edit(shop, id, { code: "C" }));
    expect(await tally(attempts)).toEqual({ written: 1, code_taken: 1 });
    expect((await codes(shop)).filter((code) => code === "C")).toHaveLength(1);
    expect(await codes(shop)).toHaveLength(2);
  });

  it("[SV2] frees a code that its service gives up, and lets its case change", async (shop) => {
    const service = await addService(shop, "oil");
    expect((await edit(shop, service.id, { code: "OIL" })).kind).toBe("written");
    expect(await codes(shop)).toEqual(["OIL"]);
    expect((await edit(shop, service.id, { code: "FILTER" })).kind).toBe("written");
    const next = await addService(shop, "oil");
    expect(await codes(shop)).toEqual(["FILTER", "oil"]);
    expect((await shop.store.servicesByCode(shop.shopId, ["OIL"])).map(({ id }) => id)).toEqual([next.id]);
    expect((await edit(shop, service.id, { code: "Oil" })).kind).toBe("code_taken");
  });
}

function changes(it: WorkshopTest): void {
  it("[HT5] writes a service one version on, and remembers its last 4 mutations", async (shop) => {
    const { id } = await addService(shop, "OIL001", { id: "c1", hash: "h" });
    shop.advance(1_000);
    for (const name of ["e1", "e2", "e3", "e4"]) await edit(shop, id, { name }, { id: name, hash: "h" });
    const plain = await edit(shop, id, { priceCents: 5_900, description: "Now dearer", active: false });
    const service = (await shop.store.readService(shop.shopId, id)) ?? newService(shop, "none");
    expect(service).toMatchObject({ version: 6, name: "e4", priceCents: 5_900, active: false });
    const memory = [5, 4, 3, 2].map((version) => ({ id: `e${version - 1}`, hash: "h", version }));
    expect(plain).toStrictEqual({ kind: "written", current: { service, memory } });
    expect(await itemOf(shop, id)).toStrictEqual({ service, memory });
  });

  it("[AP2] hands a decision the service as it stands, and has no effect when refused", async (shop) => {
    const service = await addService(shop, "OIL001");
    const refuse = () => ({ kind: "refuse" as const, outcome: "because" });
    expect(await shop.store.changeService(shop.shopId, service.id, refuse)).toEqual({
      kind: "refused",
      outcome: "because",
    });
    expect(await itemOf(shop, service.id)).toStrictEqual({ service, memory: [] });
    expect(await shop.store.changeService(shop.shopId, ulid(), refuse)).toEqual({ kind: "not_found" });
  });

  it("[AP2] lets one of 10 edits of a service from one version win", async (shop) => {
    const { id } = await addService(shop, "OIL001");
    const attempts = Array.from({ length: 10 }, (_, index) =>
      shop.store.changeService(shop.shopId, id, ({ service }) =>
        service.version === 1
          ? { kind: "write", item: { ...service, version: 2, name: `Try ${index}` } }
          : { kind: "refuse", outcome: "stale" },
      ),
    );
    expect(await tally(attempts)).toEqual({ written: 1, refused: 9 });
    expect((await shop.store.readService(shop.shopId, id))?.version).toBe(2);
  });

  it("[AU5] keeps the services of two shops with the same ids and codes apart", async (shop) => {
    const other = await shop.neighbour();
    const service = await addService(shop, "OIL001");
    expect(await other.store.readService(other.shopId, service.id)).toBeUndefined();
    expect(await codes(other)).toEqual([]);
    expect((await edit(other, service.id, { name: "stolen" })).kind).toBe("not_found");
    const theirs = { ...service, name: "Theirs" };
    expect((await other.store.createService(other.shopId, theirs, undefined)).kind).toBe("created");
    await remove(shop, service.id);
    expect(await other.store.readService(other.shopId, service.id)).toStrictEqual(theirs);
    expect(await other.store.servicesByCode(other.shopId, ["OIL001"])).toStrictEqual([theirs]);
  });
}

function removal(it: WorkshopTest): void {
  it("[SV3] removes a service from every list, and keeps its memory for a week", async (shop) => {
    const service = await addService(shop, "OIL001", { id: "c1", hash: "h" });
    const mutation = { id: "gone", hash: "h" };
    expect(await remove(shop, service.id, mutation)).toEqual({ kind: "removed", version: 2 });
    expect(await codes(shop)).toEqual([]);
    expect(await shop.store.readService(shop.shopId, service.id)).toBeUndefined();
    expect(await shop.store.servicesByCode(shop.shopId, ["OIL001"])).toEqual([]);
    shop.advance(limits.tombstoneKeptMs - 2_000);
    const again = await remove(shop, service.id, mutation);
    if (again.kind !== "refused") throw new Error(`expected a refusal, but: ${again.kind}`);
    expect(recall(again.outcome.memory, mutation)).toBe("repeat");
    expect(again.outcome.service).toMatchObject({ id: service.id, version: 2, code: "OIL001" });
  });

  it("[SV2] frees a removed service's code for any other creation", async (shop) => {
    for (const mutation of [undefined, { id: "c2", hash: "h" }, undefined]) {
      const service = await addService(shop, "OIL001", mutation);
      expect(await codes(shop)).toEqual(["OIL001"]);
      await remove(shop, service.id, { id: `gone ${service.id}`, hash: "h" });
      expect(await codes(shop)).toEqual([]);
    }
    const other = await addService(shop, "TYRE");
    expect((await edit(shop, other.id, { code: "oil001" })).kind).toBe("written");
  });

  it("[HT5] finds the removed service when its creation is repeated, and makes no other", async (shop) => {
    const mutation = { id: "c1", hash: "h" };
    const { id } = await addService(shop, "OIL001", mutation);
    await remove(shop, id);
    for (const repeat of [mutation, { ...mutation, hash: "other" }]) {
      const result = await shop.store.createService(shop.shopId, newService(shop, "oil001"), repeat);
      if (result.kind !== "code_taken") throw new Error(`expected the code to be taken, but: ${result.kind}`);
      expect(result.current.service.id).toBe(id);
      expect(result.current.removedUntil).toBe(new Date(Date.parse(shop.now()) + limits.tombstoneKeptMs).toISOString());
      expect(recall(result.current.memory, repeat)).not.toBe("new");
    }
    expect(await codes(shop)).toEqual([]);
  });

  it("[HT5] finds a living service by its code when its creation is repeated", async (shop) => {
    const mutation = { id: "c1", hash: "h" };
    const service = await addService(shop, "OIL001", mutation);
    const current = { service, memory: [{ ...mutation, version: 1 }] };
    const repeated = await shop.store.createService(shop.shopId, newService(shop, "OIL001"), mutation);
    expect(repeated).toStrictEqual({ kind: "code_taken", current });
  });

  it("[HT5] finds a renamed service by its first code when its creation is repeated", async (shop) => {
    const mutation = { id: "c1", hash: "h" };
    const { id } = await addService(shop, "OIL001", mutation);
    await edit(shop, id, { code: "OIL002" });
    const current = await itemOf(shop, id);
    const repeated = await shop.store.createService(shop.shopId, newService(shop, "OIL001"), mutation);
    expect(repeated).toStrictEqual({ kind: "code_taken", current });
    expect(await codes(shop)).toEqual(["OIL002"]);
    await addService(shop, "oil001", { id: "c2", hash: "h" });
    expect(await codes(shop)).toEqual(["oil001", "OIL002"]);
  });

  it("[SV3] forgets a removed service once its week is over", async (shop) => {
    const mutation = { id: "c1", hash: "h" };
    const { id } = await addService(shop, "OIL001", mutation);
    await remove(shop, id);
    shop.advance(limits.tombstoneKeptMs + 2_000);
    expect((await remove(shop, id)).kind).toBe("not_found");
    expect((await shop.store.createService(shop.shopId, newService(shop, "OIL001"), mutation)).kind).toBe("created");
    expect(await codes(shop)).toEqual(["OIL001"]);
  });
}
