import { type RouteId, routes } from "@status-board/contracts";
import { createStatusBoardClient, type StatusBoardClientOptions } from "@status-board/frontend-client";
import { describe, expect, it } from "vitest";
import { addCard, addCardIn, cardBody, edit } from "../../src/testing/cards.ts";
import { day } from "../../src/testing/workshop.ts";
import { sqlite } from "./support/databases.ts";
import { type LiveServer, startLive } from "./support/live-server.ts";

const clientOf = (server: LiveServer, options: StatusBoardClientOptions = {}) =>
  createStatusBoardClient({ baseUrl: server.url, headers: server.headersOf("manager"), retryFirstMs: 1, ...options });

/** A network that carries every request over, and loses the answers to the first ones. */
function losingAnswers(count: number) {
  let sent = 0;
  const losing: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    await response.clone().text();
    if (++sent <= count) throw new TypeError("the answer was lost");
    return response;
  };
  return { fetch: losing, sent: () => sent };
}

describe("the client, with a real server", () => {
  it("[HT1] takes what each operation answers to staff and to a viewer for what it is", async () => {
    const server = await startLive(sqlite);
    const card = await addCardIn(server.manager, "ready", { promisedAt: `${day}T12:00:00.000Z`, notes: "hurry" });
    const service = (await server.manager.ok("listServices")).items[0]?.id ?? "";
    const calls: Partial<Record<RouteId, object>> = {
      getBoard: { query: { date: day } },
      getStats: { query: { date: day } },
      getAppointment: { id: card.id },
      getHistory: { id: card.id },
      listServices: { query: { search: "oil", limit: 1, active: true } },
      getService: { id: service },
    };
    const { epoch } = await server.manager.ok("getBoard", { query: { date: day } });
    calls.getChanges = { query: { date: day, epoch, since: 0 } };
    const reads = (Object.keys(routes) as RouteId[]).filter((id) => routes[id].method === "GET");
    for (const role of ["manager", "viewer"] as const) {
      const client = clientOf(server, { headers: server.headersOf(role) });
      for (const id of reads) {
        const result = await client[id](calls[id] ?? {});
        const isAllowed = routes[id].roles === "public" || routes[id].roles.includes(role as never);
        expect(result, `${id} as ${role}`).toMatchObject(isAllowed ? { ok: true } : { error: { code: "forbidden" } });
      }
    }
  });

  it("[HT1] writes, and takes what is answered", async () => {
    const server = await startLive(sqlite);
    const client = clientOf(server);
    const made = await client.createAppointment({ body: cardBody() });
    if (!made.ok) throw new Error(made.error.message);
    const { id } = made.data;
    const moved = await client.moveAppointment({
      id,
      body: { newStatus: "ready", expectedVersion: 1, mutationId: "m1" },
    });
    expect(moved).toMatchObject({ ok: true, data: { id, status: "ready", version: 2 } });
    const undone = await client.undoMove({ id, body: { mutationId: "m1", expectedVersion: 2 } });
    expect(undone).toMatchObject({ ok: true, data: { status: "scheduled", version: 3 } });
    const edited = await client.editAppointment({ id, body: { expectedVersion: 3, notes: "x" } });
    expect(edited).toMatchObject({ ok: true, data: { notes: "x", version: 4 } });
    expect(await client.removeAppointment({ id, query: { expectedVersion: 4 } })).toEqual({
      ok: true,
      data: { id, version: 5 },
    });
    expect(await client.createTicket()).toMatchObject({ ok: true, data: { ticket: expect.any(String) } });
  });

  it("[HT2] gives each refusal as a value with all that belongs to it", async () => {
    const server = await startLive(sqlite);
    const client = clientOf(server);
    const card = await addCard(server.manager);
    const current = await edit(server.manager, card, { notes: "first" });
    const body = { newStatus: "ready", expectedVersion: 1 } as const;
    expect(await client.moveAppointment({ id: card.id, body })).toMatchObject({
      ok: false,
      error: { code: "version_conflict", current },
    });
    const refused = await client.moveAppointment({ id: card.id, body: { newStatus: "completed", expectedVersion: 2 } });
    expect(refused).toMatchObject({ error: { code: "invalid_transition", from: "scheduled", to: "completed" } });
    const wrong = await client.createAppointment({ body: cardBody({ customer: { name: "" } }) });
    expect(wrong).toMatchObject({ error: { code: "invalid_request", issues: [{ path: "customer.name" }] } });
    expect(await client.getAppointment({ id: "no-ulid" })).toMatchObject({ error: { code: "not_found" } });
    const gone = await client.getChanges({ query: { date: day, epoch: "another", since: 0 } });
    expect(gone).toMatchObject({ error: { code: "revision_gone", epoch: expect.any(String) } });
    const nobody = clientOf(server, { headers: { authorization: "nobody" } });
    expect(await nobody.getMe()).toMatchObject({ error: { code: "unauthenticated" } });
  });

  it("[HT5] a move whose answer is lost, again and again, has one effect", async () => {
    const server = await startLive(sqlite);
    const card = await addCard(server.manager);
    const { fetch, sent } = losingAnswers(3);
    const client = clientOf(server, { fetch });
    const body = { newStatus: "ready", expectedVersion: 1, mutationId: "m1" } as const;
    const result = await client.moveAppointment({ id: card.id, body });
    expect(result).toMatchObject({ ok: true, data: { status: "ready", version: 2 } });
    expect(sent()).toBe(4);
    const { items } = await server.manager.ok("getHistory", { id: card.id });
    expect((await server.manager.ok("getAppointment", { id: card.id })).version).toBe(2);
    expect(items.filter(({ change }) => change === "moved").length).toBeLessThanOrEqual(1);
  });

  it("[AP1] a creation with an id of its own whose answer is lost makes one card", async () => {
    const server = await startLive(sqlite);
    const { fetch } = losingAnswers(2);
    const id = "01K00000000000000000000NEW";
    const result = await clientOf(server, { fetch }).createAppointment({ body: { ...cardBody(), id } });
    expect(result).toMatchObject({ ok: true, data: { id, version: 1 } });
    const { columns } = await server.manager.ok("getBoard", { query: { date: day } });
    expect(columns.scheduled.items.map((card) => card.id)).toEqual([id]);
  });

  it("[HT5] a move without a mutation id whose answer is lost is not sent again", async () => {
    const server = await startLive(sqlite);
    const card = await addCard(server.manager);
    const { fetch, sent } = losingAnswers(1);
    const body = { newStatus: "ready", expectedVersion: 1 } as const;
    const result = await clientOf(server, { fetch }).moveAppointment({ id: card.id, body });
    expect(result).toMatchObject({ ok: false, error: { code: "network" } });
    expect(sent()).toBe(1);
  });

  it("[HT4] a call can be found in the server's log by the id that its failure names", async () => {
    const server = await startLive(sqlite);
    const result = await clientOf(server).getAppointment({ id: "01K000000000000000000000X0" });
    if (result.ok) throw new Error("there is no such card");
    const line = server.log.find((text) => text.includes(result.error.correlationId));
    expect(JSON.parse(line ?? "{}")).toMatchObject({ route: "getAppointment", status: 404 });
  });
});
