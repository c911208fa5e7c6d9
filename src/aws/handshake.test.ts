import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { dynamoError } from "../../tests/support/fault-proxy.ts";
import { day } from "../testing/workshop.ts";
import { type Deployment, openDeployment } from "./testing/deployment.ts";

const known = ({ core }: Deployment, id: string) => core.connections.find(id);
const codeOf = ({ body }: { body: string }) => JSON.parse(body).error.code;

describe("$connect", () => {
  it("[WS1] lets in who brings a good ticket, as the user, role and shop that it was given to", async () => {
    const deployment = await openDeployment();
    const ticket = await deployment.ticketFor("technician", "south");
    expect(await deployment.connect("c1=", { ticket })).toMatchObject({ statusCode: 200 });
    expect(await known(deployment, "c1=")).toEqual({
      id: "c1=",
      principal: { shopId: "south", user: { id: "technician", name: "Name of technician" }, role: "technician" },
    });
  });

  it("[WS1] lets in who is no browser and names no origin", async () => {
    const deployment = await openDeployment();
    const ticket = await deployment.ticketFor("manager");
    expect(await deployment.connect("c1=", { ticket, headers: { Origin: undefined } })).toMatchObject({
      statusCode: 200,
    });
  });

  it("[WS1] takes a ticket once, however many come with it at the same moment", async () => {
    const deployment = await openDeployment();
    const ticket = await deployment.ticketFor("manager");
    const ids = Array.from({ length: 8 }, (_, index) => `c${index}=`);
    const results = await Promise.all(ids.map((id) => deployment.connect(id, { ticket })));
    const statuses = results.map(({ statusCode }) => statusCode);
    expect(statuses.toSorted()).toEqual([200, ...Array.from({ length: 7 }, () => 401)]);
    const found = await Promise.all(ids.map((id) => known(deployment, id)));
    expect(found.map((connection) => connection !== undefined)).toEqual(statuses.map((status) => status === 200));
  });

  it("[WS1] takes a ticket for 30 s", async () => {
    const deployment = await openDeployment();
    const late = await deployment.ticketFor("manager");
    deployment.advance(limits.ticketValidMs - 1);
    const inTime = await deployment.ticketFor("manager");
    deployment.advance(1);
    expect(await deployment.connect("late=", { ticket: late })).toMatchObject({ statusCode: 401 });
    deployment.advance(limits.ticketValidMs - 2);
    expect(await deployment.connect("in-time=", { ticket: inTime })).toMatchObject({ statusCode: 200 });
  });

  it("[WS1] refuses a ticket that is missing, forged, altered or not even text that could be one", async () => {
    const deployment = await openDeployment();
    const good = await deployment.ticketFor("manager");
    const altered = good.startsWith("A") ? `B${good.slice(1)}` : `A${good.slice(1)}`;
    const forgeries = [
      undefined,
      "",
      "undefined",
      altered,
      `${good} `,
      good.slice(1),
      "é".repeat(30_000),
      "\0",
      "__proto__",
    ];
    for (const ticket of forgeries) {
      const result = await deployment.connect("c1=", { ticket });
      expect(result.statusCode).toBe(401);
      expect(codeOf(result)).toBe("unauthenticated");
    }
    expect(await known(deployment, "c1=")).toBeUndefined();
    expect(await deployment.connect("c1=", { ticket: good })).toMatchObject({ statusCode: 200 });
  });

  it.each([
    ["a foreign Origin", { Origin: "https://evil.test" }],
    ["an Origin of the same name without TLS", { Origin: "http://board.test" }],
    ["an opaque Origin", { Origin: "null" }],
    ["another Host", { Host: "evil.test" }],
    ["a Host that only begins like ours", { Host: "board.test.evil.test" }],
    ["no Host", { Host: undefined }],
  ])("[AU3] refuses %s before it looks at the ticket, which stays good", async (_, headers) => {
    const deployment = await openDeployment();
    const ticket = await deployment.ticketFor("manager");
    const result = await deployment.connect("c1=", { ticket, headers });
    expect(result.statusCode).toBe(403);
    expect(codeOf(result)).toBe("forbidden");
    expect(await known(deployment, "c1=")).toBeUndefined();
    expect(await deployment.connect("c1=", { ticket })).toMatchObject({ statusCode: 200 });
  });

  it("[HT6] writes one line, with neither the ticket nor its hash", async () => {
    const deployment = await openDeployment();
    const ticket = await deployment.ticketFor("manager");
    const before = deployment.log().length;
    await deployment.connect("c1=", { ticket });
    await deployment.connect("c2=", { ticket });
    const lines = deployment.log().slice(before);
    expect(lines).toEqual([
      expect.objectContaining({ route: "liveConnect", connectionId: "c1=", status: 200, level: "info" }),
      expect.objectContaining({ route: "liveConnect", connectionId: "c2=", status: 401, error: "unauthenticated" }),
    ]);
    for (const line of lines) expect(line.durationMs).toBeGreaterThanOrEqual(0);
    expect(deployment.logText()).not.toContain(ticket);
  });

  it("[HT2] is unavailable without its database, and says no more", async () => {
    const deployment = await openDeployment();
    const ticket = await deployment.ticketFor("manager");
    deployment.database.fault = () => dynamoError("InternalServerError", 500);
    const result = await deployment.connect("c1=", { ticket });
    expect(result.statusCode).toBe(503);
    expect(codeOf(result)).toBe("unavailable");
    expect(result.body).not.toContain("InternalServerError");
    expect(deployment.log().at(-1)).toMatchObject({ route: "liveConnect", level: "warn", error: "unavailable" });
  });
});

describe("$disconnect", () => {
  it("[WS2] leaves nothing of a connection, also when it comes twice or for one that never was", async () => {
    const deployment = await openDeployment();
    await deployment.watch("c1=", day);
    const board = { shopId: "north", date: day };
    expect(await deployment.core.connections.watchers(board)).toEqual([{ id: "c1=", role: "manager" }]);
    for (const id of ["c1=", "c1=", "never="])
      expect(await deployment.disconnect(id)).toMatchObject({ statusCode: 200 });
    expect(await known(deployment, "c1=")).toBeUndefined();
    expect(await deployment.core.connections.watchers(board)).toEqual([]);
    expect(deployment.log().at(-1)).toMatchObject({ route: "liveDisconnect", connectionId: "never=", status: 200 });
  });

  it("[LV8] does not fail the function when the database is away", async () => {
    const deployment = await openDeployment();
    await deployment.watch("c1=", day);
    deployment.database.fault = () => dynamoError("InternalServerError", 500);
    expect(await deployment.disconnect("c1=")).toMatchObject({ statusCode: 503 });
  });
});
