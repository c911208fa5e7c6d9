import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ulid } from "ulid";
import { expect, it } from "vitest";
import * as z from "zod";
import { bill, costDocument, type Operation, operations, type Use } from "../../perf/cost/model.ts";
import { beginSession, findByToken, isSignedIn } from "../../src/auth/sessions.ts";
import { onRecords } from "../../src/aws/publish-records.ts";
import { type Deployment, openDeployment } from "../../src/aws/testing/deployment.ts";
import { createDynamoSessions } from "../../src/store/dynamodb/sessions.ts";
import { type Api, apiAs } from "../../src/testing/api.ts";
import { addCard } from "../../src/testing/cards.ts";
import { day, host } from "../../src/testing/workshop.ts";

const consumedSchema = z.object({ CapacityUnits: z.number() });
const outputSchema = z.object({ ConsumedCapacity: z.union([consumedSchema, z.array(consumedSchema)]).optional() });
const reads = new Set(["GetItemCommand", "BatchGetItemCommand", "QueryCommand"]);

/** Adds up what goes through a client, as the database itself says what it costs; a refused write costs as AWS bills it. */
function meter(client: DynamoDBClient): (work: () => Promise<unknown>) => Promise<Use> {
  let use: Use = { calls: 0, read: 0, written: 0 };
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        use.calls++;
        const result = await next(args);
        const { ConsumedCapacity: consumed = [] } = outputSchema.parse(result.output);
        for (const { CapacityUnits } of [consumed].flat())
          use[reads.has(commandName) ? "read" : "written"] += CapacityUnits;
        return result;
      },
    { step: "initialize" },
  );
  return async (work) => {
    use = { calls: 0, read: 0, written: 0 };
    await work();
    return { ...use };
  };
}

const cardsOnBoard = 60;
const screens = 10;

/** A card as workshops have them, of some 1.2 KB as it is kept: well beyond the 1 KB that a written unit holds. */
const card = {
  customer: { name: "Margarethe Sommerfeld", phone: "+49 170 1234567", email: "m.sommerfeld@example.com" },
  vehicle: { year: 2029, make: "Volkswagen", model: "Transporter", plate: "B-MS 4711", vin: "WV2ZZZ7HZ8H123456" },
  notes: `Brakes squeal when cold, please check the front discs. Call before ordering parts. ${"He waits. ".repeat(20)}`,
};

/** The deployment with somebody signed in, whose session is read as on AWS. */
async function openSignedIn(): Promise<Deployment & { manager: Api }> {
  const deployment = await openDeployment();
  const { core, client, tables, now: clock } = deployment;
  const { liveTable } = tables;
  const sessions = createDynamoSessions({ client, liveTable, now: clock, newId: ulid, onCapacity: () => {} });
  const principal = { shopId: "north", user: { id: "manager", name: "Name of manager" }, role: "manager" as const };
  const token = await beginSession(principal, { sessions, clock });
  core.service.authenticate = () => findByToken(token, sessions, clock().toISOString());
  core.service.holds = (holder) => isSignedIn(holder, { sessions, clock });
  return { ...deployment, manager: apiAs(core.service, { host }) };
}

it("[AP1] costs what docs/COST.md reckons with, in calls and capacity units", { timeout: 60_000 }, async () => {
  const { manager, core, client, gateway, records, send, connect, disconnect } = await openSignedIn();
  const publisher = onRecords(core, gateway, async () => {});
  const publish = async () => publisher(await records());
  const ticketOf = async () => (await manager.ok("createTicket")).ticket;
  const subscribe = { action: "subscribe", date: day };
  for (let index = 1; index < cardsOnBoard; index++) await addCard(manager, card);
  await publish();
  for (let index = 0; index < screens; index++) {
    await connect(`screen${index}=`, { ticket: await ticketOf() });
    await send(`screen${index}=`, subscribe);
  }
  await manager.ok("getBoard", { query: { date: day } });

  const costOf = meter(client);
  const found: Partial<Record<Operation, Use>> = {};
  async function measure<T>(name: Operation, work: () => Promise<T>): Promise<T> {
    const answers: T[] = [];
    found[name] = await costOf(async () => answers.push(await work()));
    const [answer] = answers;
    if (answer === undefined) throw new Error(`${name} has no answer`);
    return answer;
  }

  const { id } = await measure("create", () => addCard(manager, card));
  const events = await records();
  await measure("publish", () => publisher(events));
  const body = { newStatus: "in_progress", expectedVersion: 1, mutationId: "first" };
  await measure("move", () => manager.ok("moveAppointment", { id, body }));
  await publish();
  const late = { ...body, mutationId: "late" };
  await measure("conflict", () => manager.refused("moveAppointment", { id, body: late }));
  const undo = { mutationId: "first", expectedVersion: 2 };
  await measure("undo", () => manager.ok("undoMove", { id, body: undo }));
  const edit = { notes: "Done.", expectedVersion: 3 };
  await measure("edit", () => manager.ok("editAppointment", { id, body: edit }));
  await publish();
  await measure("board", () => manager.ok("getBoard", { query: { date: day } }));
  await measure("stats", () => manager.ok("getStats", { query: { date: day } }));
  const ticket = await measure("ticket", ticketOf);
  await measure("connect", () => connect("new=", { ticket }));
  await measure("subscribe", () => send("new=", subscribe));
  await measure("ping", () => send("new=", { action: "ping" }));
  await measure("disconnect", () => disconnect("new="));
  expect(found).toEqual(operations);
});

it("[AP1] a move reads and writes no more than it may, and neither does a warm board of 100 cards", {
  timeout: 60_000,
}, async () => {
  expect(operations.move.read).toBeLessThanOrEqual(2);
  expect(operations.move.written).toBeLessThanOrEqual(5);
  const { manager, client } = await openSignedIn();
  for (let index = 0; index < 100; index++) await addCard(manager, card);
  const read = () => manager.ok("getBoard", { query: { date: day } });
  await read();
  const use = await meter(client)(read);
  expect(use.read).toBeLessThanOrEqual(6);
  expect(use.read).toBeGreaterThan(operations.board.read);
});

it("[AP1] reckons in docs/COST.md as its own arithmetic does", () => {
  const text = readFileSync(fileURLToPath(new URL("../../docs/COST.md", import.meta.url)), "utf8");
  for (const part of costDocument()) expect(text).toContain(part);
});

it("[AP1] the month of one shop costs 2 dollars of usage at most, besides what a stack costs that nobody uses", () => {
  const fixed = new Set(["CloudWatch, metrics and alarms", "Secrets and keys"]);
  const lines = bill(1);
  expect(lines.filter(([name]) => fixed.has(name))).toHaveLength(fixed.size);
  const usage = lines.filter(([name]) => !fixed.has(name)).reduce((sum, [, dollars]) => sum + dollars, 0);
  expect(usage).toBeLessThanOrEqual(2);
  expect(usage).toBeGreaterThan(1);
});
