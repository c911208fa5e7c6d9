import { expect, it } from "vitest";
import { addCard, move } from "../../src/testing/cards.ts";
import { day } from "../../src/testing/workshop.ts";
import { databases, dynamo, sqlite } from "./support/databases.ts";
import { type LiveServer, startLive } from "./support/live-server.ts";
import { connect } from "./support/peer.ts";

const isoPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const ask = ({ url }: LiveServer, headers: Record<string, string> = {}) => fetch(`${url}/metrics`, { headers });

it("[HT6] /metrics tells what a server did, in Prometheus' text format, and nothing of whom it did it for", async () => {
  const server = await startLive(sqlite);
  const { manager } = server;
  const peer = await connect(manager);
  await peer.subscribe(day);
  const card = await addCard(manager, { customer: { name: "Zoë", phone: "0170 1234567" } });
  await peer.next("diff");
  await move(manager, card, "ready");
  await peer.next("diff");
  await manager.refused("moveAppointment", { id: card.id, body: { newStatus: "completed", expectedVersion: 1 } });

  const response = await ask(server);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(response.headers.get("cache-control")).toBe("no-store");
  const text = await response.text();
  for (const line of [
    'status_board_request_duration_seconds_count{route="createAppointment",status="2xx"} 1',
    'status_board_request_duration_seconds_count{route="moveAppointment",status="2xx"} 1',
    'status_board_request_duration_seconds_count{route="moveAppointment",status="4xx"} 1',
    'status_board_conflicts_total{route="moveAppointment"} 1',
    'status_board_subscriptions_total{beginning="fresh"} 1',
    'status_board_pushes_total{outcome="sent"} 2',
    "status_board_revisions_total 2",
    "status_board_push_latency_seconds_count 2",
    "status_board_open_sockets 1",
    "status_board_feed_lag_seconds 0",
  ])
    expect(text).toContain(`\n${line}\n`);
  for (const secret of ["Zoë", "0170 1234567", card.id, "north"]) expect(text).not.toContain(secret);
  expect(await (await ask(server)).text()).toContain('{route="getMetrics",status="2xx"} 1');
});

it.for(databases)("[HT6] a request's line of the log tells of its calls where $name counts them", async (database) => {
  const server = await startLive(database);
  await addCard(server.manager);
  const line = server.log.map((text) => JSON.parse(text)).find(({ route }) => route === "createAppointment");
  expect(line).toMatchObject({ msg: "request", status: 201, time: expect.stringMatching(isoPattern) });
  expect(line.databaseCalls > 0).toBe(database === dynamo);
  expect(line.capacityUnits > 0).toBe(database === dynamo);
});

it("[AU3] /metrics is not for a foreign name that points here", async () => {
  const server = await startLive(sqlite);
  expect((await ask(server, { origin: "https://evil.test" })).status).toBe(403);
});

it("[HT2] /metrics is not there where it is off, and cannot be written to", async () => {
  const off = await startLive(sqlite, { variables: { METRICS: "off" } });
  expect((await ask(off)).status).toBe(404);
  const on = await startLive(sqlite);
  expect((await fetch(`${on.url}/metrics`, { method: "POST" })).status).toBe(405);
});
