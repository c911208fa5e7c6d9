import { describe, expect, it } from "vitest";
import { dynamoError, noFault } from "../../tests/support/fault-proxy.ts";
import { addCard, move } from "../testing/cards.ts";
import { day } from "../testing/workshop.ts";
import { onRecords } from "./publish-records.ts";
import { openDeployment } from "./testing/deployment.ts";

async function open() {
  const deployment = await openDeployment();
  const { core, gateway, records, metrics } = deployment;
  const publisher = onRecords(core, gateway, async () => {});
  let seen = 0;
  return {
    ...deployment,
    publish: async () => publisher(await records()),
    /** The metrics since the last call, those of each request left out, each as its name, value and route. */
    news: () => {
      const fresh = metrics().slice(seen);
      seen += fresh.length;
      return fresh
        .map(({ name, value, dimensions }) => ({ name, value, route: dimensions.at(-1)?.Route }))
        .filter(({ name }) => !["Duration", "ClientErrors", "Slow"].includes(name));
    },
  };
}

const named = (news: { name: string; value: number }[]) =>
  Object.fromEntries(news.map(({ name, value }) => [name, value]));

describe("what the functions count", () => {
  it("[LV8] of a push: its screens, those who are gone, and the time since the write", async () => {
    const { as, watch, publish, news, advance, connections } = await open();
    const card = await addCard(as("manager"));
    await publish();
    for (const id of ["here=", "there=", "away="]) await watch(id, day);
    connections.treat("away=", 410);
    news();
    await move(as("manager"), card, "ready");
    advance(2_000);
    expect(await publish()).toEqual({ batchItemFailures: [] });
    const { PushLatency, ...counts } = named(news());
    expect(counts).toEqual({ FanOut: 3, Gone: 1 });
    expect(PushLatency).toBeGreaterThanOrEqual(2_000);
  });

  it("[LV8] of a push that nobody watches: no time, and no screen", async () => {
    const { as, publish, news } = await open();
    await addCard(as("manager"));
    news();
    await publish();
    expect(named(news())).toEqual({ FanOut: 0 });
  });

  it("[WS5] of a subscription: whether it went on, or had to begin anew", async () => {
    const { as, connect, send, ticketFor, publish, news, core } = await open();
    await addCard(as("manager"));
    await publish();
    const { epoch, rev } = await core.service.ports.live.head({ shopId: "north", date: day });
    await connect("c=", { ticket: await ticketFor("manager") });
    const beginning = async (held: object) => {
      news();
      await send("c=", { action: "subscribe", date: day, ...held });
      return named(news());
    };
    expect(await beginning({})).toEqual({ Subscriptions: 1 });
    expect(await beginning({ epoch, rev })).toEqual({ Subscriptions: 1, Resumes: 1 });
    expect(await beginning({ epoch, rev: rev - 1 })).toEqual({ Subscriptions: 1, Resumes: 1 });
    expect(await beginning({ epoch: "another", rev })).toEqual({ Subscriptions: 1, Refetches: 1 });
    expect(await beginning({ epoch, rev: rev + 1 })).toEqual({ Subscriptions: 1, Refetches: 1 });
  });

  it("[WS4] of a socket's event: that it failed, and which", async () => {
    const { watch, send, news, database } = await open();
    await watch("c=", day);
    news();
    await send("c=", { action: "ping" });
    await send("c=", "{");
    expect(news()).toEqual([]);
    database.fault = () => dynamoError("InternalServerError", 500);
    await send("c=", { action: "ping" });
    database.fault = noFault;
    expect(news()).toEqual([{ name: "SocketErrors", value: 1, route: "liveMessage" }]);
  });

  it("[HT6] of a request, in its line of the log: its calls of the database, and what they cost", async () => {
    const { as, log } = await open();
    const card = await addCard(as("manager"));
    await move(as("manager"), card, "ready");
    const moved = log().find(({ route }) => route === "moveAppointment");
    expect(moved).toMatchObject({ status: 200, databaseCalls: expect.any(Number), capacityUnits: expect.any(Number) });
    expect(moved?.databaseCalls).toBeGreaterThanOrEqual(2);
    expect(moved?.capacityUnits).toBeGreaterThan(0);
  });

  it("[HT6] nothing of a customer, a card or a screen", async () => {
    const { as, watch, publish, metrics } = await open();
    await watch("c=", day);
    await addCard(as("manager"), { customer: { name: "Zoë", phone: "0170 1234567" } });
    await publish();
    const words = new Set(metrics().flatMap(({ dimensions }) => dimensions.flatMap((set) => Object.values(set))));
    expect([...words].toSorted()).toEqual(["createAppointment", "createTicket", "test"]);
  });
});
