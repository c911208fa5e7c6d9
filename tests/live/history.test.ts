import type { HistoryItem } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import type { Api } from "../../src/testing/api.ts";
import { addCard, edit, move } from "../../src/testing/cards.ts";
import { day, nextDay } from "../../src/testing/workshop.ts";
import { databases } from "./support/databases.ts";
import { startLive } from "./support/live-server.ts";

/** The history once it has come so far; it may trail the card by the feed's delay. */
async function historyOf(api: Api, id: string, length: number): Promise<HistoryItem[]> {
  await expect
    .poll(async () => (await api.ok("getHistory", { id })).items.length, { timeout: 60_000 })
    .toBeGreaterThanOrEqual(length);
  return (await api.ok("getHistory", { id })).items;
}

const short = ({ version, change, from, to, by }: HistoryItem): string =>
  [version, change, from && `${from}>${to}`, by.id].filter(Boolean).join(" ");

describe.each(databases)("history over HTTP, on $name", (database) => {
  it("[MV1] [CA6] tells of each version, oldest first: what, by whom, from where to where", async () => {
    const server = await startLive(database);
    const { manager } = server;
    const technician = server.as("technician", { user: "tina" });
    const other = await addCard(manager);
    let card = await addCard(manager);
    const { id } = card;
    card = await move(technician, card, "in_progress");
    card = await move(technician, card, "scheduled");
    card = await move(technician, card, "scheduled", { beforeId: other.id });
    card = await edit(manager, card, { notes: "x" });
    card = await move(technician, card, "ready", { mutationId: "m1" });
    const undo = { mutationId: "m1", expectedVersion: card.version };
    card = await technician.ok("undoMove", { id, body: undo });
    const start = `${nextDay}T09:00:00.000Z`;
    card = await edit(manager, card, { start, end: start });
    await manager.ok("removeAppointment", { id, query: { expectedVersion: card.version } });

    const items = await historyOf(manager, id, 9);
    expect(items.map(short)).toEqual([
      "1 created manager",
      "2 moved scheduled>in_progress tina",
      "3 corrected in_progress>scheduled tina",
      "4 reordered tina",
      "5 edited manager",
      "6 moved scheduled>ready tina",
      "7 undone ready>scheduled tina",
      `8 rescheduled ${day}>${nextDay} manager`,
      "9 removed manager",
    ]);
    expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted());
  });

  it("[AU5] is one card's of one shop, and nobody's before the card is", async () => {
    const server = await startLive(database);
    const south = server.as("manager", { shop: "south" });
    const { id } = await addCard(server.manager, { id: "01K0000000000000000000SAME" });
    await historyOf(server.manager, id, 1);
    expect((await south.refused("getHistory", { id })).code).toBe("not_found");
    await addCard(south, { id, customer: { name: "South" } });
    expect((await historyOf(south, id, 1)).map(short)).toEqual(["1 created manager"]);
    expect((await server.as("viewer").refused("getHistory", { id })).code).toBe("forbidden");
    expect((await server.manager.refused("getHistory", { id: "01K0000000000000000000N0NE" })).code).toBe("not_found");
  });
});
