import { expect, it } from "vitest";
import { publish } from "../src/live/publish.ts";
import { memoryConnections } from "../src/local/connections.ts";
import { carryOver } from "../src/operations/carry-over.ts";
import { addCarIn } from "../src/operations/testing/night.ts";
import { read } from "../src/testing/cards.ts";
import { openWorkshop } from "../src/testing/workshop.ts";

const patient = { timeout: 60_000, interval: 5 };
const system = { id: "system", name: "system" };
const nobody = { post: async () => "gone" as const, close: async () => {} };

it("[CA5] history says `carried` with both days, and each board's change what became of the card there", async () => {
  const { manager, store, service, advance, now } = await openWorkshop();
  await store.finishDay("north", "2031-03-02");
  const card = await addCarIn(manager, "in_progress", "2031-03-03T09:00:00.000Z");
  const { epoch } = await manager.ok("getBoard", { query: { date: "2031-03-03" } });
  advance(86_400_000);
  expect(await carryOver(service.ports)).toBe(1);
  const { live, clock, random } = service.ports;
  const ports = { live, clock, random, connections: memoryConnections(), gateway: nobody, setAside: async () => {} };
  store.feed.start(async (items) => void (await publish(items, ports)));
  const historyOf = () => manager.ok("getHistory", { id: card.id });
  await expect.poll(async () => (await historyOf()).items.length, patient).toBe(card.version + 1);
  const { items } = await historyOf();
  const carried = { version: 3, at: now(), by: system, change: "carried", from: "2031-03-03", to: "2031-03-04" };
  expect(items.at(-1)).toEqual(carried);
  const lastOps = async (date: string) => {
    const { changes } = await manager.ok("getChanges", { query: { date, epoch, since: 0 } });
    return changes.at(-1)?.ops;
  };
  const remove = { op: "remove", id: card.id, version: 3, by: system, movedTo: "2031-03-04" };
  await expect.poll(() => lastOps("2031-03-03"), patient).toEqual([remove]);
  const arrived = await read(manager, card);
  await expect.poll(() => lastOps("2031-03-04"), patient).toEqual([{ op: "upsert", card: arrived }]);
});
