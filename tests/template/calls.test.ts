import { limits, type RouteId, routes } from "@status-board/contracts";
import { ulid } from "ulid";
import { expect, it } from "vitest";
import * as z from "zod";
import { beginSession } from "../../src/auth/sessions.ts";
import { onSchedule } from "../../src/aws/carry-cars.ts";
import { onRecords } from "../../src/aws/publish-records.ts";
import { openDeployment } from "../../src/aws/testing/deployment.ts";
import * as handlers from "../../src/http/handlers.ts";
import { createDynamoSessions } from "../../src/store/dynamodb/sessions.ts";
import { type Api, apiAs, type Call } from "../../src/testing/api.ts";
import { cardBody } from "../../src/testing/cards.ts";
import { host, nextDay, origin } from "../../src/testing/workshop.ts";
import type { WireCall } from "../support/fault-proxy.ts";
import { isLike, tableRights } from "./rights.ts";

const keySchema = z.looseObject({ pk: z.object({ S: z.string() }) });
const inputSchema = z.looseObject({
  TableName: z.string().optional(),
  Key: keySchema.optional(),
  Item: keySchema.optional(),
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(keySchema) })).optional(),
  KeyConditionExpression: z.string().optional(),
  ExpressionAttributeValues: z.record(z.string(), z.looseObject({ S: z.string().optional() })).optional(),
  TransactItems: z.array(z.record(z.string(), z.unknown())).optional(),
});

/** What a call asks for, a line for each key: `GetItem board SHOP#north`. */
function asked({ operation, input }: WireCall, boardTable: string): string[] {
  const { TableName, Key, Item, RequestItems, TransactItems, ...query } = inputSchema.parse(input);
  const line = (table: string | undefined, key = "none") =>
    `${operation} ${table === boardTable ? "board" : "live"} ${key}`;
  if (TransactItems)
    return TransactItems.flatMap((item) =>
      Object.entries(item).flatMap(([kind, inner]) =>
        asked({ operation: `${kind}Item`, input: z.looseObject({}).parse(inner) }, boardTable),
      ),
    );
  if (RequestItems)
    return Object.entries(RequestItems).flatMap(([table, { Keys }]) => Keys.map(({ pk }) => line(table, pk.S)));
  const name = /\bpk\s*=\s*(:\w+)/.exec(query.KeyConditionExpression ?? "")?.[1] ?? "";
  return [line(TableName, (Key ?? Item)?.pk.S ?? query.ExpressionAttributeValues?.[name]?.S)];
}

/** Whether one of the lines of a role allows what is asked. */
function isAllowed(rights: readonly string[], line: string): boolean {
  const [action = "", table = "", ...rest] = line.split(" ");
  const key = rest.join(" ");
  return rights.some((right) => {
    const [, pattern = "", alone = ""] = new RegExp(`^${action} ${table} (.+?)( alone)?$`).exec(right) ?? [];
    return pattern !== "" && isLike(pattern, key) && (alone === "" || !isLike("SHOP#*#*", key));
  });
}

/** The functions, where people sign in, with somebody who has. */
async function open() {
  const issuer = { OIDC_ISSUER: "https://issuer.test", OIDC_CLIENT_ID: "board", OIDC_ROLE_MAP: '{"office":"manager"}' };
  const deployment = await openDeployment({ AUTH_MODE: "oidc", ALLOW_PUBLIC_NONE: "", PUBLIC_URL: origin, ...issuer });
  const { client, tables, core, now, database } = deployment;
  const sessions = createDynamoSessions({ client, ...tables, now, newId: ulid });
  const ana = { shopId: "north", user: { id: "ana", name: "Ana" }, role: "manager" as const };
  const token = await beginSession(ana, { sessions, clock: now });
  const api = apiAs(core.service, { host, origin, cookie: `__Host-session=${token}` });
  const refused: string[] = [];
  /** Does something as one function, and notes what its role would have refused. */
  async function as<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = database.calls.length;
    const result = await work();
    const lines = database.calls.slice(before).flatMap((call) => asked(call, tables.boardTable));
    const rights = tableRights(name);
    refused.push(...lines.filter((line) => !isAllowed(rights, line)).map((line) => `${name}: ${line}`));
    return result;
  }
  return { ...deployment, api, as, refused };
}

const owners: [string, object][] = [
  ["board", handlers.boardHandlers],
  ["stats", handlers.statsHandlers],
  ["appointments", handlers.appointmentHandlers],
  ["services", handlers.shopHandlers],
  ["auth", { ...handlers.signedInHandlers, ...handlers.deviceHandlers }],
  ["health", handlers.aboutHandlers],
];

it("[AU1] whatever a function asks of the tables, its role in template.yaml allows", async () => {
  const { api, as, refused, ...deployment } = await open();
  const sent = new Set<RouteId>();
  const send: Api["ok"] = (routeId, call?: Call) => {
    const [owner = "nobody"] = owners.find(([, own]) => routeId in own) ?? [];
    sent.add(routeId);
    return as(owner, () => api.ok(routeId, call));
  };
  for (const route of ["getOpenApi", "getAsyncApi"] as const) {
    await as("health", () => api.send(route));
    sent.add(route);
  }
  for (const route of ["getHealth", "getHealthz", "getReadiness", "getMe", "getWaysIn"] as const) await send(route);

  const oil = { code: "BRAKE1", name: "Brakes", priceCents: 1, minutes: 30 };
  const service = await send("createService", { body: oil });
  await send("listServices");
  await send("getService", { id: service.id });
  await send("editService", { id: service.id, body: { expectedVersion: 1, code: "BRAKE2" } });
  const shop = await send("getShop");
  await send("editShop", { body: { expectedVersion: shop.version, name: "North" } });

  const card = await send("createAppointment", { body: cardBody({ serviceCodes: ["BRAKE2"] }) });
  const { id } = card;
  const mutationId = "calls-move-1";
  await send("moveAppointment", { id, body: { newStatus: "in_progress", expectedVersion: 1, mutationId } });
  await send("undoMove", { id, body: { mutationId, expectedVersion: 2 } });
  await send("editAppointment", { id, body: { expectedVersion: 3, notes: "later" } });
  const later = { start: `${nextDay}T09:00:00.000Z`, end: `${nextDay}T10:00:00.000Z` };
  await send("editAppointment", { id, body: { expectedVersion: 4, ...later } });
  await send("moveAppointment", { id, body: { newStatus: "ready", expectedVersion: 5 } });
  await send("getAppointment", { id });
  const read = await send("getBoard", { query: { date: nextDay } });
  await send("getStats", { query: { date: nextDay } });

  const { ticket } = await send("createTicket");
  await as("live", () => deployment.connect("c1=", { ticket }));
  await as("live", () => deployment.send("c1=", { action: "subscribe", date: nextDay }));
  await as("live", () => deployment.send("c1=", { action: "ping" }));
  const publish = onRecords(deployment.core, deployment.gateway, async () => {});
  const records = await deployment.records();
  await as("publisher", () => publish(records));
  await send("getHistory", { id });
  const { epoch } = read;
  await send("getChanges", { query: { date: nextDay, epoch, since: 0 } });
  await as("live", () => deployment.send("c1=", { action: "subscribe", date: nextDay, epoch, rev: 0 }));
  await as("live", () => deployment.send("c1=", { action: "unsubscribe" }));
  deployment.connections.treat("c1=", 410);
  await as("live", () => deployment.send("c1=", { action: "subscribe", date: nextDay }));
  await as("live", () => deployment.disconnect("c1="));

  await send("removeAppointment", { id, query: { expectedVersion: 6 } });
  await send("removeService", { id: service.id, query: { expectedVersion: 2 } });
  const stays = await send("createAppointment", { body: cardBody({ serviceCodes: [] }) });
  await send("moveAppointment", { id: stays.id, body: { newStatus: "in_progress", expectedVersion: 1 } });

  const { code } = await send("createPairing", { body: { name: "The hall", role: "viewer" } });
  sent.add("claimPairing");
  const phone = { host, origin };
  const paired = await as("auth", () => apiAs(deployment.core.service, phone).send("claimPairing", { body: { code } }));
  deployment.advance(limits.deviceSeenEveryMs);
  const cookie = paired.cookies?.[0]?.split(";")[0];
  await as("auth", () => apiAs(deployment.core.service, { ...phone, cookie }).ok("getMe"));
  const [device] = (await send("listDevices")).items;
  await send("renameDevice", { id: device?.id ?? "", body: { name: "The bay" } });
  await send("revokeDevice", { id: device?.id ?? "" });
  await send("signOut");

  deployment.advance(24 * 3_600_000);
  expect(await as("carry-over", onSchedule(deployment.core))).toEqual({ carried: 1 });
  const carried = await deployment.records();
  await as("publisher", () => publish(carried));
  expect(Object.keys(routes).filter((routeId) => !sent.has(routeId as RouteId))).toEqual([]);
  expect(refused).toEqual([]);
});
