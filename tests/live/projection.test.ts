import {
  publicAppointmentSchema,
  publicBoardSchema,
  publicChangesSchema,
  publicDiffSchema,
  publicStatsSchema,
  publicSubscribedSchema,
} from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { type Api, type Call, textOf } from "../../src/testing/api.ts";
import { addCard, edit, move } from "../../src/testing/cards.ts";
import { day, nextDay, tom } from "../../src/testing/workshop.ts";
import { databases } from "./support/databases.ts";
import { startLive } from "./support/live-server.ts";
import { connect } from "./support/peer.ts";

const secrets = ["+49 30 1234", "zoe@private.test", "VIN0000000000SECR", "secret notes", "4900", "4711", "OIL001"];
const whole = {
  customer: { name: "Zoë Quandt", phone: secrets[0], email: secrets[1] },
  vehicle: { year: 2019, make: "Škoda", model: "Fabia", plate: "B-XY 123", vin: "WVWZZZ1JZXW000001" },
  notes: "secret notes",
  paidCents: 4_711,
  technicianId: tom.id,
  promisedAt: `${day}T12:00:00.000Z`,
};
const private_ = /\+49 30|private\.test|WVWZZZ|secret notes|4900|4711|OIL001|2019|Name of|updatedBy|Cents|createdAt/;

/** That a value is exactly what the schema names, and says nothing that a viewer may not know. */
function expectPublic<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.parse(value);
  expect(value).toEqual(parsed);
  expect(JSON.stringify(value)).not.toMatch(private_);
  return parsed;
}

const data = async (api: Api, route: Parameters<Api["send"]>[0], call?: Call): Promise<unknown> => {
  const response = await api.send(route, call);
  expect(response.status).toBe(200);
  return JSON.parse(textOf(response)).data;
};

describe.each(databases)("a viewer, on $name", (database) => {
  it("[AU6] gets the public projection alone: board, changes, subscribed, diff and stats", async () => {
    const server = await startLive(database);
    const { manager } = server;
    const viewer = server.as("viewer");
    const peer = await connect(viewer);
    peer.send({ action: "subscribe", date: day });
    await expect.poll(() => peer.raw.length).toBe(1);
    const { epoch } = expectPublic(publicSubscribedSchema, peer.raw[0]);

    const card = await addCard(manager, whole);
    await move(manager, card, "in_progress");
    const gone = await addCard(manager, whole);
    const start = `${nextDay}T09:00:00.000Z`;
    await edit(manager, gone, { start, end: start });
    const removed = await addCard(manager, whole);
    await manager.ok("removeAppointment", { id: removed.id, query: { expectedVersion: 1 } });
    await expect.poll(() => JSON.stringify(peer.raw).split('"remove"').length).toBe(3);
    const diffs = peer.raw.slice(1).map((message) => expectPublic(publicDiffSchema, message));
    expect(diffs.map(({ rev }) => rev)).toEqual(diffs.map((_, index) => index + 1));
    const shown = diffs.flatMap(({ ops }) => ops.map((op) => (op.op === "upsert" ? op.card : op)));
    expect(shown[0]).toMatchObject({
      id: card.id,
      customer: { name: "Zoë Quandt" },
      services: [{ name: "Oil change" }],
    });
    expect(shown).toContainEqual({ op: "remove", id: gone.id, version: 2, movedTo: nextDay });

    const changes = await data(viewer, "getChanges", { query: { date: day, epoch, since: 0 } });
    expect(expectPublic(publicChangesSchema, changes).changes).toEqual(diffs);
    const board = expectPublic(publicBoardSchema, await data(viewer, "getBoard", { query: { date: day } }));
    expect(board.columns.in_progress.items).toHaveLength(1);
    expectPublic(publicAppointmentSchema, board.columns.in_progress.items[0]);
    expectPublic(publicStatsSchema, await data(viewer, "getStats", { query: { date: day } }));

    const resumed = await connect(viewer);
    resumed.send({ action: "subscribe", date: day, epoch, rev: 0 });
    await expect.poll(() => resumed.raw.length).toBe(1);
    expect(expectPublic(publicSubscribedSchema, resumed.raw[0]).changes).toEqual(diffs);
  });

  it("[AU6] and staff watch one board, each with its own", async () => {
    const server = await startLive(database);
    const [viewer, staff] = [await connect(server.as("viewer")), await connect(server.as("technician"))];
    await viewer.subscribe(day);
    await staff.subscribe(day);
    const card = await addCard(server.manager, whole);
    expect((await staff.next("diff")).ops).toEqual([{ op: "upsert", card }]);
    await expect.poll(() => viewer.raw.length).toBe(2);
    expectPublic(publicDiffSchema, viewer.raw[1]);
  });
});
