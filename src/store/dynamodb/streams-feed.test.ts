import { describe, expect, it } from "vitest";
import { engineNames } from "../../../tests/support/dynamodb.ts";
import type { StoredAppointment } from "../../domain/appointment.ts";
import { seededRandom } from "../../domain/testing/seeded-random.ts";
import { addCard, addCards, day, edit, moveOk, nextDay, remove, type Workshop } from "../contract/workshop.ts";
import { listener, newestOf, openFedShop, versionOf } from "./testing/fed-shop.ts";

const dateOf = (item: StoredAppointment): string => (item.kind === "card" ? item.card.date : item.date);

/** Moves, edits, reschedules and removes at random; gives every version that was written, as `date id version`. */
async function scramble(shop: Workshop, random: () => number): Promise<string[]> {
  const cards = await addCards(shop, 6);
  const places = new Map(cards.map(({ id }) => [id, { version: 1, date: day }]));
  const written = cards.map(({ id }) => `${day} ${id} 1`);
  for (let step = 0; step < 40; step++) {
    const [id, place] = [...places][Math.floor(random() * places.size)] ?? [];
    if (id === undefined || place === undefined) break;
    const kind = random();
    const former = place.date;
    place.version++;
    if (kind < 0.5) await moveOk(shop, { id, version: place.version - 1 }, random() < 0.5 ? "ready" : "scheduled");
    else if (kind < 0.7) await edit(shop, id, { notes: `step ${step}` });
    else if (kind < 0.9) {
      place.date = former === day ? nextDay : day;
      await edit(shop, id, { date: place.date });
    } else {
      await remove(shop, id);
      places.delete(id);
    }
    for (const date of new Set([former, place.date])) written.push(`${date} ${id} ${place.version}`);
  }
  return written;
}

describe.each(engineNames)("the feed of a stream on %s", (engine) => {
  it("[LV1] tells of everything that was committed, and of each card's newest state last", async () => {
    const { shop, openFeed } = await openFedShop(engine);
    const { told, handle, until } = listener();
    openFeed().start(handle);
    const seed = Math.floor(Math.random() * 1e9);
    const written = await scramble(shop, seededRandom(seed));
    const names = () => told.map((change) => `${change.date} ${change.id} ${versionOf(change)}`);
    await until(() => written.every((name) => names().includes(name)));
    expect(new Set(names()), `seed ${seed}`).toEqual(new Set(written));
    const newest = new Map<string, number>();
    for (const change of told) {
      const name = `${change.date} ${change.id}`;
      expect(versionOf(change), `seed ${seed}`).toBeGreaterThanOrEqual(newest.get(name) ?? 0);
      newest.set(name, versionOf(change));
    }
    for (const { after, date } of told) if (after !== undefined) expect(dateOf(after)).toBe(date);
  });

  it("[LV7] goes on after what was handled when it is started again", async () => {
    const { shop, openFeed } = await openFedShop(engine);
    const first = listener();
    const feed = openFeed();
    feed.start(first.handle);
    const [early] = await addCards(shop, 3);
    if (early === undefined) throw new Error("three cards were added");
    await first.until(() => first.told.length >= 3);
    await feed.stop();
    await moveOk(shop, early, "ready");
    const late = await addCard(shop);
    const second = listener();
    openFeed().start(second.handle);
    await second.until(() => newestOf(second.told, late.id) === 1);
    expect(second.told.map(({ id }) => id)).toEqual([early.id, late.id]);
    expect(newestOf(second.told, early.id)).toBe(2);
    expect(first.told).toHaveLength(3);
  });

  it("[LV7] hands a batch over again until it is handled, and only then goes on", async () => {
    const { shop, openFeed } = await openFedShop(engine);
    const cards = await addCards(shop, 2);
    const { told, handle, until } = listener();
    const failures: unknown[] = [];
    const attempts: string[][] = [];
    openFeed({ failed: (error) => failures.push(error) }).start(async (items) => {
      attempts.push(items.flatMap((item) => (item.kind === "change" ? [item.change.id] : [])));
      if (attempts.length <= 3) throw new Error("not now");
      await handle(items);
    });
    await until(() => told.length >= 2);
    const ids = cards.map(({ id }) => id);
    expect(attempts).toEqual([ids, ids, ids, ids]);
    expect(failures.map(String)).toEqual(["Error: not now", "Error: not now", "Error: not now"]);
    const last = await addCard(shop);
    await until(() => newestOf(told, last.id) === 1);
    expect(told).toHaveLength(3);
  });

  it("[LV7] stops only when the batch under way is over, and notes it", async () => {
    const { shop, openFeed } = await openFedShop(engine);
    const card = await addCard(shop);
    const [begun, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const feed = openFeed();
    feed.start(async () => {
      begun.resolve();
      await released.promise;
    });
    await begun.promise;
    let isStopped = false;
    const stopped = feed.stop().then(() => {
      isStopped = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isStopped).toBe(false);
    released.resolve();
    await stopped;
    const { told, handle, until } = listener();
    openFeed().start(handle);
    const later = await addCard(shop);
    await until(() => newestOf(told, later.id) === 1);
    expect(newestOf(told, card.id)).toBeUndefined();
  });
});
