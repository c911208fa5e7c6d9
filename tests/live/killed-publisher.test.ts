import { describe, expect, it, vi } from "vitest";
import { seededRandom } from "../../src/domain/testing/seeded-random.ts";
import type { Api } from "../../src/testing/api.ts";
import { addCard, columnIds, edit, move } from "../../src/testing/cards.ts";
import { startServer } from "../../src/testing/server-process.ts";
import { day } from "../../src/testing/workshop.ts";
import { databases, dynamo } from "./support/databases.ts";
import { failing, faultyConnections, faultyStore, type PublisherStep } from "./support/faults.ts";
import { httpApi } from "./support/http-api.ts";
import { startLive } from "./support/live-server.ts";
import { expectAllEqual, openScreen, untilLive } from "./support/screens.ts";

/** At the other steps the database is as at one of these. */
const killedAt: readonly PublisherStep[] = ["before history", "after append", "amid posts", "after posts"];
const script = "tests/live/support/faulty-server.ts";

/** Makes cards one after the other until the server is gone; answers how many were acknowledged. */
async function writeUntilLost(api: Api): Promise<number> {
  for (let written = 0; ; written++)
    try {
      await addCard(api, { serviceCodes: [] });
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
      return written;
    }
}

const epochOf = async (api: Api) => (await api.ok("getBoard", { query: { date: day } })).epoch;

/** Waits until a card's history tells of its creation, once. */
const expectCreationTold = (api: Api, id: string): Promise<void> =>
  vi.waitFor(
    async () => {
      const { items } = await api.ok("getHistory", { id });
      expect(items.map(({ change }) => change)).toEqual(["created"]);
    },
    { timeout: 60_000 },
  );

describe.each(databases)("a publisher that is stopped, on $name", (database) => {
  it("[LV7] by kill -9 at one step after the other leaves no client behind", async () => {
    const variables = { ...(await database.variables()), SHOP_TIME_ZONE: "UTC" };
    const launch = (step: PublisherStep | undefined, port = "0") =>
      startServer({ ...variables, PORT: port, ...(step && { KILL_AT: step, KILL_COUNT: "3" }) }, script);
    let server = await launch(killedAt[0]);
    const { url, port } = server;
    const api = httpApi(url);
    const screens = Array.from({ length: 3 }, () => openScreen({ baseUrl: url, date: day }));
    for (const [index, step] of killedAt.entries()) {
      for (const screen of screens) await untilLive(screen);
      const epoch = await epochOf(api);
      expect(await writeUntilLost(api), step).toBeGreaterThan(0);
      await server.ended;
      server = await launch(killedAt[index + 1], String(port));
      await expectAllEqual(screens, api);
      // A file that was not closed is another life of the database (LV2); a database of its own lives on.
      expect((await epochOf(api)) === epoch).toBe(database === dynamo);
    }
    await addCard(api, { serviceCodes: [] });
    await expectAllEqual(screens, api);
    for (const id of await columnIds(api, "scheduled")) await expectCreationTold(api, id);
  });

  it("[LV7] by an error at any step handles the batch again, and leaves revisions without a hole", async () => {
    const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1e9);
    console.log(`faults on ${database.name}: FAULT_SEED=${seed}`);
    const atStep = failing(seededRandom(seed), 0.2);
    const server = await startLive(database, {
      opened: (opened) => faultyStore(opened, atStep),
      connections: (connections) => faultyConnections(connections, atStep),
    });
    const { manager } = server;
    const screens = Array.from({ length: 3 }, () =>
      openScreen({ baseUrl: server.url, date: day, headers: server.headersOf("manager") }),
    );
    const { epoch } = await manager.ok("getBoard", { query: { date: day } });
    for (let made = 0; made < 20; made++) {
      const card = await addCard(manager);
      const moved = await move(manager, card, "in_progress");
      if (made % 2 === 0) await edit(manager, moved, { notes: "x" });
      else await manager.ok("removeAppointment", { id: card.id, query: { expectedVersion: 2 } });
    }
    await expectAllEqual(screens, manager);
    const { changes, head } = await manager.ok("getChanges", { query: { date: day, epoch, since: 0 } });
    expect(changes.map(({ rev }) => rev)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
  });
});
