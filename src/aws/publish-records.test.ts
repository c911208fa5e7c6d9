import { limits, type ServerMessage } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { dynamoError, noFault, type WireCall } from "../../tests/support/fault-proxy.ts";
import { addCard, edit, move } from "../testing/cards.ts";
import { day, nextDay } from "../testing/workshop.ts";
import { onRecords } from "./publish-records.ts";
import { createSetAside } from "./set-aside.ts";
import type { StreamEvent, StreamRecord } from "./testing/board-stream.ts";
import { type Deployment, openDeployment } from "./testing/deployment.ts";
import { openQueueDouble } from "./testing/queue-double.ts";

const done = { batchItemFailures: [] };
const north = { shopId: "north", date: day };

/** The deployment with its publisher. */
async function open() {
  const deployment = await openDeployment();
  const queue = await openQueueDouble();
  const { core, gateway } = deployment;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const config = { region: "eu-central-1", credentials, endpoint: new URL(queue.url).origin, maxAttempts: 1 };
  const publish = onRecords(core, gateway, createSetAside(queue.url, core.service.logger, config));
  return { ...deployment, queue, publish };
}

const sequenceNumber = ({ dynamodb }: StreamRecord) => dynamodb.SequenceNumber;
const boardOf = ({ dynamodb }: StreamRecord) => dynamodb.Keys.pk?.S ?? "";
const told = ({ connections }: Deployment, id: string): ServerMessage[] => connections.messages(id).slice(1);

/** Writes to one board do not reach the database. */
const refuseWritesTo =
  (pk: string) =>
  ({ operation, input }: WireCall) =>
    operation === "TransactWriteItems" && JSON.stringify(input).includes(`"${pk}"`)
      ? dynamoError("InternalServerError", 500)
      : undefined;

/** The records with one whose card cannot be read any more. */
const poisoned = ({ Records }: StreamEvent, sequence: string): StreamEvent => ({
  Records: Records.map((record) =>
    sequenceNumber(record) === sequence
      ? { ...record, dynamodb: { ...record.dynamodb, NewImage: { details: { S: "{" }, status: { S: "ready" } } } }
      : record,
  ),
});

describe("the stream's function", () => {
  it("[LV1] [WS2] [AU5] posts what was moved to who watches that board of that shop, and to nobody else", async () => {
    const deployment = await open();
    const { as, records, publish } = deployment;
    const card = await addCard(as("manager"));
    const elsewhere = await addCard(as("manager", "south"));
    expect(await publish(await records())).toEqual(done);
    await deployment.watch("north=", day);
    await deployment.watch("tomorrow=", nextDay);
    await deployment.watch("south=", day, "manager", "south");
    await deployment.watch("left=", day);
    await deployment.send("left=", { action: "unsubscribe" });

    const moved = await move(as("manager"), card, "ready");
    expect(await publish(await records())).toEqual(done);
    const { epoch } = await deployment.core.service.ports.live.head(north);
    const ops = [{ op: "upsert", card: moved }];
    expect(told(deployment, "north=")).toEqual([{ type: "diff", date: day, epoch, rev: 2, ops, at: moved.updatedAt }]);
    for (const id of ["tomorrow=", "south=", "left="]) expect(told(deployment, id)).toEqual([]);

    await move(as("manager", "south"), elsewhere, "ready");
    expect(await publish(await records())).toEqual(done);
    expect(told(deployment, "south=")).toMatchObject([{ type: "diff", rev: 2 }]);
    expect(told(deployment, "north=")).toHaveLength(1);
  });

  it("[AU6] shows a viewer the public side of a card alone", async () => {
    const deployment = await open();
    const { as, records, publish } = deployment;
    await deployment.watch("tv=", day, "viewer");
    await deployment.watch("desk=", day);
    await addCard(as("manager"), { customer: { name: "Zoë", phone: "0170 1234567" }, notes: "secret notes" });
    expect(await publish(await records())).toEqual(done);
    const posted = (id: string) => deployment.connections.calls.filter((call) => call.connectionId === id).at(-1)?.body;
    expect(posted("desk=")).toContain("0170 1234567");
    expect(posted("tv=")).toContain("Zoë");
    for (const secret of ["0170 1234567", "secret notes", "Cents"]) expect(posted("tv=")).not.toContain(secret);
  });

  it("[LV3] folds several changes of a card in one batch, and numbers batches without a hole", async () => {
    const deployment = await open();
    const { as, records, publish } = deployment;
    await deployment.watch("c1=", day);
    let card = await addCard(as("manager"));
    card = await move(as("manager"), card, "ready");
    expect(await publish(await records())).toEqual(done);
    card = await edit(as("manager"), card, { notes: "new" });
    expect(await publish(await records())).toEqual(done);
    expect(told(deployment, "c1=")).toMatchObject([
      { rev: 1, ops: [{ card: { version: 2, status: "ready" } }] },
      { rev: 2, ops: [{ card: { version: 3, notes: "new" } }] },
    ]);
    const { items } = await as("manager").ok("getHistory", { id: card.id });
    expect(items.map(({ version, change }) => [version, change])).toEqual([
      [1, "created"],
      [2, "moved"],
      [3, "edited"],
    ]);
  });

  it("[LV1] tells nobody of what is no card, and answers an empty batch", async () => {
    const deployment = await open();
    await deployment.watch("c1=", day);
    await deployment.addShop("west");
    const event = await deployment.records();
    expect(event.Records.length).toBeGreaterThan(2);
    expect(await deployment.publish(event)).toEqual(done);
    expect(await deployment.publish({ Records: [] })).toEqual(done);
    expect(told(deployment, "c1=")).toEqual([]);
  });

  it("[LV8] forgets who is gone at once, and the others hear all the same", async () => {
    const deployment = await open();
    const { as, records, publish, connections } = deployment;
    for (const id of ["gone=", "here="]) await deployment.watch(id, day);
    connections.treat("gone=", 410);
    const card = await addCard(as("manager"));
    expect(await publish(await records())).toEqual(done);
    expect(await deployment.core.connections.find("gone=")).toBeUndefined();
    expect(await deployment.core.connections.watchers(north)).toEqual([{ id: "here=", role: "manager" }]);
    const posts = connections.count("POST", "gone=");
    await move(as("manager"), card, "ready");
    expect(await publish(await records())).toEqual(done);
    expect(connections.count("POST", "gone=")).toBe(posts);
    expect(told(deployment, "here=")).toHaveLength(2);
  });

  it("[LV8] cuts off who does not answer, closes and forgets him, and the batch is over", async () => {
    const deployment = await open();
    const { as, records, publish, connections } = deployment;
    for (const id of ["hanging=", "here="]) await deployment.watch(id, day);
    connections.treat("hanging=", "hang");
    const before = connections.count("POST", "hanging=");
    await addCard(as("manager"));
    expect(await publish(await records())).toEqual(done);
    const tries = connections.count("POST", "hanging=") - before;
    expect(tries).toBeGreaterThan(1);
    expect(tries).toBeLessThanOrEqual(Math.ceil(limits.batchPostMaxMs / limits.postTimeoutMs) + 1);
    expect(connections.count("DELETE", "hanging=")).toBe(1);
    expect(await deployment.core.connections.watchers(north)).toEqual([{ id: "here=", role: "manager" }]);
    expect(told(deployment, "here=")).toHaveLength(1);
    expect(deployment.log().at(-1)).toMatchObject({ route: "publish", boards: 1, sent: 1, closed: 1, again: 0 });
  });

  it("[LV8] tries again what was throttled or broken, and says so to nobody", async () => {
    const deployment = await open();
    await deployment.watch("c1=", day);
    deployment.connections.treat("c1=", 429, "break", 500, 200);
    await addCard(deployment.as("manager"));
    expect(await deployment.publish(await deployment.records())).toEqual(done);
    expect(told(deployment, "c1=")).toMatchObject([{ type: "diff", rev: 1 }]);
    expect(deployment.connections.count("DELETE", "c1=")).toBe(0);
  });
});

describe("a record that cannot be read", () => {
  it("[LV7] is set aside with its reason; its board gets a reset, and the rest is published", async () => {
    const deployment = await open();
    const { as, records, publish, queue } = deployment;
    await deployment.watch("c1=", day);
    await deployment.watch("c2=", nextDay);
    const lost = await addCard(as("manager"));
    const kept = await addCard(as("manager"));
    const other = await addCard(as("manager"), { start: `${nextDay}T09:00:00.000Z`, end: `${nextDay}T10:00:00.000Z` });
    const event = await records();
    const poison = event.Records.find(({ dynamodb }) => dynamodb.Keys.sk?.S === `APPT#${lost.id}`);
    const position = poison && sequenceNumber(poison);
    expect(await publish(poisoned(event, position ?? ""))).toEqual(done);

    expect(queue.bodies).toEqual([
      { item: { kind: "unreadable", position, reason: expect.any(String), board: north }, reason: expect.any(String) },
    ]);
    expect(told(deployment, "c1=")).toMatchObject([
      { type: "diff", rev: 1, ops: [{ card: { id: kept.id } }] },
      { type: "reset", rev: 2 },
    ]);
    expect(told(deployment, "c2=")).toMatchObject([{ type: "diff", rev: 1, ops: [{ card: { id: other.id } }] }]);
    const changes = { date: day, epoch: (await deployment.core.service.ports.live.head(north)).epoch, since: 0 };
    expect(await as("manager").refused("getChanges", { query: changes })).toMatchObject({ code: "revision_gone" });
    expect(deployment.log()).toContainEqual(expect.objectContaining({ level: "error", position }));
    expect(deployment.logText()).not.toContain("Zoë");
  });

  it.each([
    ["null", null],
    ["a text", "record"],
    ["an empty object", {}],
    ["one without keys", { eventName: "INSERT", dynamodb: { SequenceNumber: "7" } }],
    ["keys of another form", { eventName: "INSERT", dynamodb: { SequenceNumber: "7", Keys: { pk: { N: "1" } } } }],
  ])("[LV7] that does not say what it is about, %s, is set aside and holds up nothing", async (_, record) => {
    const deployment = await open();
    await deployment.watch("c1=", day);
    await addCard(deployment.as("manager"));
    const { Records } = await deployment.records();
    expect(await deployment.publish({ Records: [record, ...Records, record] })).toEqual(done);
    expect(deployment.queue.bodies).toHaveLength(2);
    expect(told(deployment, "c1=")).toMatchObject([{ type: "diff", rev: 1 }]);
  });

  it("[LV7] holds up nothing when the queue is away too", async () => {
    const deployment = await open();
    deployment.queue.mood = "fails";
    await deployment.watch("c1=", day);
    await addCard(deployment.as("manager"));
    const { Records } = await deployment.records();
    expect(await deployment.publish({ Records: [{}, ...Records] })).toEqual(done);
    expect(told(deployment, "c1=")).toMatchObject([{ type: "diff", rev: 1 }]);
  });
});

describe("a batch that the database did not take whole", () => {
  it("[LV7] comes again from the lowest number among the boards that failed; the others were told", async () => {
    const deployment = await open();
    const { as, records, publish, database } = deployment;
    await deployment.watch("today=", day);
    await deployment.watch("tomorrow=", nextDay);
    const tomorrow = { start: `${nextDay}T09:00:00.000Z`, end: `${nextDay}T10:00:00.000Z` };
    await addCard(as("manager"));
    await addCard(as("manager"), tomorrow);
    await addCard(as("manager"));
    await addCard(as("manager"), tomorrow);
    const event = await records();
    const failing = event.Records.filter((record) => boardOf(record) === `SHOP#north#DAY#${nextDay}`);
    const lowest = failing.map(sequenceNumber)[0] ?? "";

    database.fault = refuseWritesTo(`SHOP#north#DAY#${nextDay}`);
    expect(await publish(event)).toEqual({ batchItemFailures: [{ itemIdentifier: lowest }] });
    expect(deployment.log().at(-1)).toMatchObject({ route: "publish", level: "warn", boards: 1, again: 2 });
    expect(told(deployment, "today=")).toMatchObject([{ rev: 1, ops: [{}, {}] }]);
    expect(told(deployment, "tomorrow=")).toEqual([]);

    database.fault = noFault;
    const from = event.Records.findIndex((record) => sequenceNumber(record) === lowest);
    expect(await publish({ Records: event.Records.slice(from) })).toEqual(done);
    expect(told(deployment, "tomorrow=")).toMatchObject([{ rev: 1, ops: [{}, {}] }]);
    // What follows came twice: its board hears of it under the next number, at a version that it has.
    expect(told(deployment, "today=")).toMatchObject([{ rev: 1 }, { rev: 2, ops: [{ card: { version: 1 } }] }]);
  });

  it("[LV7] names the lowest number where texts would sort otherwise", async () => {
    const deployment = await open();
    await addCard(deployment.as("manager"));
    await addCard(deployment.as("manager"));
    const { Records } = await deployment.records();
    const cards = Records.filter(({ dynamodb }) => dynamodb.Keys.sk?.S?.startsWith("APPT#"));
    const numbered = cards.map((record, index) => ({
      ...record,
      dynamodb: { ...record.dynamodb, SequenceNumber: ["9999999999999999999", "10000000000000000000"][index] },
    }));
    deployment.database.fault = () => dynamoError("InternalServerError", 500);
    expect(await deployment.publish({ Records: numbered })).toEqual({
      batchItemFailures: [{ itemIdentifier: "9999999999999999999" }],
    });
  });

  it("[LV7] may be handled twice: revisions go on, histories do not repeat, and versions say that it is old", async () => {
    const deployment = await open();
    const { as, records, publish } = deployment;
    await deployment.watch("c1=", day);
    const card = await addCard(as("manager"));
    await move(as("manager"), card, "ready");
    const event = await records();
    for (let time = 0; time < 2; time++) expect(await publish(event)).toEqual(done);
    expect(told(deployment, "c1=")).toMatchObject([
      { rev: 1, ops: [{ card: { version: 2 } }] },
      { rev: 2, ops: [{ card: { version: 2 } }] },
    ]);
    const { items } = await as("manager").ok("getHistory", { id: card.id });
    expect(items.map(({ version }) => version)).toEqual([1, 2]);
    expect(await publish(await records())).toEqual(done);
    expect(told(deployment, "c1=")).toHaveLength(2);
  });

  it("[LV7] may be handled by two functions at once", async () => {
    const deployment = await open();
    const { as, records, publish } = deployment;
    await deployment.watch("c1=", day);
    await addCard(as("manager"));
    const event = await records();
    expect(await Promise.all([publish(event), publish(event)])).toEqual([done, done]);
    const revisions = told(deployment, "c1=").map((message) => "rev" in message && message.rev);
    expect(revisions.toSorted()).toEqual([1, 2]);
  });
});
