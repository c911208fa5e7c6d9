import { limits, PROTOCOL_VERSION, type ServerMessage } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { dynamoError, noFault } from "../../tests/support/fault-proxy.ts";
import { addCard } from "../testing/cards.ts";
import { day, nextDay } from "../testing/workshop.ts";
import { type Deployment, openDeployment } from "./testing/deployment.ts";

const id = "c1=";
const board = { shopId: "north", date: day };

async function connected(): Promise<Deployment> {
  const deployment = await openDeployment();
  await deployment.connect(id, { ticket: await deployment.ticketFor("manager") });
  return deployment;
}

/** What a message leads to. */
async function answersTo(deployment: Deployment, message?: object | string, to = id): Promise<ServerMessage[]> {
  const before = deployment.connections.messages(to).length;
  expect(await deployment.send(to, message)).toMatchObject({ statusCode: 200, body: "" });
  return deployment.connections.messages(to).slice(before);
}

const subscribe = (date: string, more: object = {}) => ({ action: "subscribe", date, ...more });

describe("$default", () => {
  it("[WS5] answers a subscribe by a post, after which the connection watches that board alone", async () => {
    const deployment = await connected();
    const { epoch } = await deployment.core.service.ports.live.head(board);
    const [subscribed, ...rest] = await answersTo(deployment, subscribe(day));
    expect(subscribed).toEqual({
      type: "subscribed",
      date: day,
      epoch,
      rev: 0,
      protocolVersion: PROTOCOL_VERSION,
      release: deployment.core.service.release,
    });
    expect(rest).toEqual([]);
    expect(await deployment.core.connections.watchers(board)).toEqual([{ id, role: "manager" }]);
    expect(await answersTo(deployment, subscribe(nextDay, { epoch, rev: 0 }))).toEqual([
      expect.objectContaining({ type: "subscribed", date: nextDay, changes: [] }),
    ]);
    expect(await deployment.core.connections.watchers(board)).toEqual([]);
    expect(await answersTo(deployment, { action: "unsubscribe" })).toEqual([]);
    expect(await deployment.core.connections.watchers({ ...board, date: nextDay })).toEqual([]);
  });

  it("[WS5] answers two that are handled out of turn, and goes by the one that came last", async () => {
    const deployment = await connected();
    const sentAt = Date.parse("2031-03-03T08:00:00.000Z");
    await deployment.send(id, subscribe(nextDay), sentAt + 1);
    await deployment.send(id, subscribe(day), sentAt);
    await deployment.send(id, { action: "unsubscribe" }, sentAt);
    const answers = deployment.connections.messages(id).map((message) => message.type === "subscribed" && message.date);
    expect(answers).toEqual([nextDay, day]);
    expect(await deployment.core.connections.watchers({ ...board, date: nextDay })).toEqual([{ id, role: "manager" }]);
    expect(await deployment.core.connections.watchers(board)).toEqual([]);
  });

  it("[WS3] answers a ping with the fingerprint of the truth", async () => {
    const deployment = await connected();
    await addCard(deployment.as("manager"));
    await answersTo(deployment, subscribe(day));
    expect(await answersTo(deployment, { action: "ping" })).toEqual([
      expect.objectContaining({ type: "pong", date: day, cards: 1, versionSum: 1 }),
    ]);
  });

  it.each([
    ["no JSON", "{"],
    ["an empty frame", undefined],
    ["a number", "1"],
    ["null", "null"],
    ["an array", "[]"],
    ["an unknown action", { action: "sudo" }],
    ["a field too many", { action: "ping", more: 1 }],
    ["a date that is none", subscribe("2031-02-30")],
    ["a prototype key", '{"action":"ping","__proto__":{"x":1}}'],
    ["depth", "[".repeat(2_000)],
    ["a huge number", '{"action":"ping","rev":1e400}'],
    ["a ping before any subscribe", { action: "ping" }],
    ["binary data as API Gateway would encode it", "3q2+7w=="],
  ])("[WS4] answers %s with an error, and takes the next message", async (_, message) => {
    const deployment = await connected();
    expect(await answersTo(deployment, message)).toEqual([
      { type: "error", code: "invalid_request", message: expect.stringMatching(/./) },
    ]);
    expect(await answersTo(deployment, subscribe(day))).toMatchObject([{ type: "subscribed" }]);
    for (const line of deployment.log()) expect(line.level).toBe("info");
  });

  it("[WS4] answers what is over 4 KB with an error, counted in bytes", async () => {
    const deployment = await connected();
    const message = "🚗".repeat(limits.clientMessageMaxBytes / 4 + 1);
    expect(await answersTo(deployment, message)).toMatchObject([{ type: "error", code: "payload_too_large" }]);
    expect(await answersTo(deployment, "x".repeat(128_000))).toMatchObject([{ code: "payload_too_large" }]);
  });

  it("[WS4] ends a connection after ten errors in ten seconds, with a bye, and forgets it", async () => {
    const deployment = await connected();
    await answersTo(deployment, subscribe(day));
    for (let count = 1; count < limits.clientErrorsMax; count++)
      expect(await answersTo(deployment, "{")).toMatchObject([{ type: "error" }]);
    expect(await answersTo(deployment, "{")).toMatchObject([
      { type: "error" },
      { type: "bye", code: "too_many_errors" },
    ]);
    expect(deployment.connections.count("DELETE", id)).toBe(1);
    expect(await deployment.core.connections.find(id)).toBeUndefined();
    expect(await deployment.core.connections.watchers(board)).toEqual([]);
  });

  it("[WS4] forgives errors that lie ten seconds back", async () => {
    const deployment = await connected();
    for (let count = 1; count < 3 * limits.clientErrorsMax; count++) {
      expect(await answersTo(deployment, "{")).toMatchObject([{ type: "error" }]);
      deployment.advance(Math.ceil(limits.clientMessagesWindowMs / (limits.clientErrorsMax - 1)));
    }
    expect(deployment.connections.count("DELETE", id)).toBe(0);
  });

  it("[WS4] answers what is too frequent with rate_limited, each connection at its own pace", async () => {
    const deployment = await connected();
    await deployment.connect("c2=", { ticket: await deployment.ticketFor("manager") });
    for (let count = 0; count < limits.clientMessagesMax; count++)
      expect(await answersTo(deployment, { action: "unsubscribe" })).toEqual([]);
    expect(await answersTo(deployment, subscribe(day))).toMatchObject([{ type: "error", code: "rate_limited" }]);
    expect(await answersTo(deployment, subscribe(day), "c2=")).toMatchObject([{ type: "subscribed" }]);
    deployment.advance(limits.clientMessagesWindowMs);
    expect(await answersTo(deployment, subscribe(day))).toMatchObject([{ type: "subscribed" }]);
  });

  it("[HT7] says goodbye to a client of a protocol that is not served any more, and closes", async () => {
    const deployment = await connected();
    expect(await answersTo(deployment, subscribe(day, { protocolVersion: 999_999 }))).toEqual([
      { type: "bye", code: "protocol_too_old" },
    ]);
    expect(deployment.connections.count("DELETE", id)).toBe(1);
    expect(await deployment.core.connections.find(id)).toBeUndefined();
  });

  it("[WS6] sends away a connection that is not known, so that it comes back with a ticket", async () => {
    const deployment = await openDeployment();
    expect(await answersTo(deployment, subscribe(day), "stranger=")).toEqual([{ type: "bye", code: "going_away" }]);
    expect(deployment.connections.count("DELETE", "stranger=")).toBe(1);
    expect(await deployment.core.connections.watchers(board)).toEqual([]);
  });

  it("[LV8] forgets a connection that is gone when it is to be answered", async () => {
    const deployment = await connected();
    deployment.connections.treat(id, 410);
    await deployment.send(id, subscribe(day));
    expect(await deployment.core.connections.find(id)).toBeUndefined();
    expect(await deployment.core.connections.watchers(board)).toEqual([]);
  });

  it("[LV8] tries an answer again, and closes a connection that it cannot reach", async () => {
    const deployment = await connected();
    deployment.connections.treat(id, 429, "break", 200);
    expect(await answersTo(deployment, subscribe(day))).toMatchObject([{ type: "subscribed" }]);
    deployment.connections.treat(id, 429);
    expect(await answersTo(deployment, subscribe(day))).toEqual([]);
    expect(deployment.connections.count("DELETE", id)).toBe(1);
    expect(await deployment.core.connections.find(id)).toBeUndefined();
  });

  it("[WS4] survives a database that is away: unavailable, and nothing of its words", async () => {
    const deployment = await connected();
    deployment.database.fault = () => dynamoError("InternalServerError", 500);
    const messages = await answersTo(deployment, subscribe(day));
    expect(messages).toMatchObject([{ type: "error", code: "unavailable" }]);
    expect(JSON.stringify(messages)).not.toContain("InternalServerError");
    deployment.database.fault = ({ operation }) =>
      operation === "GetItem" ? undefined : dynamoError("InternalServerError", 500);
    expect(await answersTo(deployment, subscribe(day))).toMatchObject([{ type: "error", code: "unavailable" }]);
    deployment.database.fault = noFault;
    expect(await answersTo(deployment, subscribe(day))).toMatchObject([{ type: "subscribed" }]);
  });

  it("[WS4] survives a mistake of ours: internal, and the cause goes to the log alone", async () => {
    const deployment = await connected();
    deployment.database.fault = () => dynamoError("ValidationException");
    const messages = await answersTo(deployment, subscribe(day));
    expect(messages).toMatchObject([{ type: "error", code: "internal" }]);
    expect(JSON.stringify(messages)).not.toContain("ValidationException");
    expect(deployment.log().at(-1)).toMatchObject({ route: "liveMessage", level: "error", error: "internal" });
  });

  it("[HT6] writes one line for each message, and nothing of what it says", async () => {
    const deployment = await connected();
    const before = deployment.log().length;
    await deployment.send(id, subscribe(day));
    await deployment.send(id, { action: "secret-word" });
    const lines = deployment.log().slice(before);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatchObject({ route: "liveMessage", connectionId: id, status: 200 });
    expect(lines[0]).toMatchObject({ databaseCalls: expect.any(Number), durationMs: expect.any(Number) });
    expect(deployment.logText()).not.toContain("secret-word");
  });

  it("[AU5] answers about the connection's own shop, whatever boards other shops have", async () => {
    const deployment = await connected();
    await addCard(deployment.as("manager", "south"));
    await answersTo(deployment, subscribe(day));
    expect(await answersTo(deployment, { action: "ping" })).toMatchObject([{ type: "pong", cards: 0 }]);
    expect(await deployment.core.connections.watchers({ shopId: "south", date: day })).toEqual([]);
  });
});
