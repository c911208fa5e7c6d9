import { describe, expect, it, vi } from "vitest";
import { createBoardClient } from "./client.ts";
import type { createStatusBoardClient } from "./status-board-client.ts";
import { day, sampleBoard, sampleCard, sampleError } from "./testing/samples.ts";
import {
  type Answer,
  bareAnswer,
  clientThatGets,
  failure,
  finish,
  noNetwork,
  pass,
  scriptedFetch,
  stopClock,
  success,
} from "./testing/scripted-fetch.ts";

const id = sampleCard().id;
const move = { newStatus: "ready", expectedVersion: 1 } as const;

stopClock();

describe("a retry", () => {
  const passing: [string, () => Answer][] = [
    ["no network", noNetwork],
    ["silence", () => "silence"],
    ["429", failure("rate_limited")],
    ["500", failure("internal")],
    ["502", bareAnswer(502, "<html>")],
    ["503", failure("unavailable")],
    ["504", bareAnswer(504)],
  ];

  it.each(passing)("[HT5] follows %s, with the same correlation id, until there is an answer", async (_what, once) => {
    const { client, requests } = clientThatGets([once, once, once, success(sampleBoard())]);
    const result = await finish(client.getBoard({ query: { date: day } }));
    expect(result).toEqual({ ok: true, data: sampleBoard() });
    expect(requests).toHaveLength(4);
    expect(new Set(requests.map(({ headers }) => headers["x-correlation-id"])).size).toBe(1);
  });

  it("[HT5] ends with the last failure", async () => {
    const { client, requests } = clientThatGets([noNetwork(), noNetwork(), failure("unavailable")], { retries: 2 });
    expect(await finish(client.getBoard({ query: { date: day } }))).toMatchObject({ error: { code: "unavailable" } });
    expect(requests).toHaveLength(3);
  });

  it("[HT5] a call may say for itself how often", async () => {
    const { client, requests } = clientThatGets([noNetwork()]);
    await finish(client.getBoard({ query: { date: day }, retries: 0 }));
    expect(requests).toHaveLength(1);
  });

  it.each(passing)("[HT5] is left to the board by a board's own client: it does not follow %s", async (_what, once) => {
    const { fetch, requests } = scriptedFetch(once, success(sampleBoard()));
    const client = createBoardClient({ baseUrl: "http://board.test", fetch });
    expect(await finish(client.getBoard({ query: { date: day } }))).toMatchObject({ ok: false });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ["2", { retryAfterMs: 2_000 }],
    ["soon", {}],
  ])("[HT2] is told what Retry-After named: %s", async (retryAfter, told) => {
    const { client } = clientThatGets([failure("unavailable", { "retry-after": retryAfter })], { retries: 0 });
    const error = { ...sampleError("unavailable"), ...told };
    expect(await client.getBoard({ query: { date: day } })).toEqual({ ok: false, error });
  });

  it.each(["soon", -1, null])(
    "[HT2] is told so by the header alone, whatever the body says: %j",
    async (retryAfterMs) => {
      const error = { ...sampleError("unavailable"), retryAfterMs };
      const { client } = clientThatGets([() => Response.json({ ok: false, error }, { status: 503 })], { retries: 0 });
      expect(await client.getBoard({ query: { date: day } })).toEqual({ ok: false, error: sampleError("unavailable") });
    },
  );

  const codes = [
    "invalid_request",
    "unauthenticated",
    "forbidden",
    "not_found",
    "conflict",
    "version_conflict",
  ] as const;
  it.each(codes)("[HT5] never follows %s, which would only be said again", async (code) => {
    const { client, requests } = clientThatGets([failure(code)]);
    await finish(client.getBoard({ query: { date: day } }));
    expect(requests).toHaveLength(1);
  });

  const service = { code: "OIL", name: "Oil", priceCents: 1, minutes: 1 };
  const appointment = { start: day, end: day, customer: { name: "Ana" }, vehicle: {}, serviceCodes: [] };
  type Call = (client: ReturnType<typeof createStatusBoardClient>) => Promise<unknown>;
  const repeatable: [string, Call][] = [
    ["move with a mutation id", (api) => api.moveAppointment({ id, body: { ...move, mutationId: "m" } })],
    ["edit with a mutation id", (api) => api.editAppointment({ id, body: { expectedVersion: 1, mutationId: "m" } })],
    [
      "removal with a mutation id",
      (api) => api.removeAppointment({ id, query: { expectedVersion: 1, mutationId: "m" } }),
    ],
    ["undo", (api) => api.undoMove({ id, body: { expectedVersion: 1, mutationId: "m" } })],
    ["creation with an id", (api) => api.createAppointment({ body: { ...appointment, id } })],
    ["service's creation with a mutation id", (api) => api.createService({ body: { ...service, mutationId: "m" } })],
  ];
  it.each(repeatable)("[HT5] is made of a %s, with the very same request", async (_what, call) => {
    const { client, requests } = clientThatGets([noNetwork()]);
    await finish(call(client));
    expect(requests).toHaveLength(4);
    expect(new Set(requests.map((request) => JSON.stringify(request))).size).toBe(1);
  });

  const unrepeatable: [string, Call][] = [
    ["move", (api) => api.moveAppointment({ id, body: move })],
    ["removal", (api) => api.removeAppointment({ id, query: { expectedVersion: 1 } })],
    ["creation without an id", (api) => api.createAppointment({ body: appointment })],
    ["service's creation", (api) => api.createService({ body: service })],
    ["ticket", (api) => api.createTicket()],
  ];
  it.each(unrepeatable)("[HT5] is never made of a %s that does not name itself", async (_what, call) => {
    const { client, requests } = clientThatGets([noNetwork()]);
    await finish(call(client));
    expect(requests).toHaveLength(1);
  });

  /** How many requests there were after so many ms each. */
  async function countsAfter(waits: readonly number[], { client, requests }: ReturnType<typeof clientThatGets>) {
    const call = client.getBoard({ query: { date: day } });
    const counts: number[] = [];
    for (const ms of waits) {
      await pass(ms);
      counts.push(requests.length);
    }
    await finish(call);
    return counts;
  }

  it("[HT5] waits a random share of a pause that doubles up to its longest", async () => {
    const half = { random: () => 0.5, retries: 4, retryFirstMs: 600, retryMaxMs: 2_000 };
    expect(await countsAfter([0, 299, 1, 599, 1, 999, 1, 999, 1], clientThatGets([noNetwork()], half))).toEqual([
      1, 1, 2, 2, 3, 3, 4, 4, 5,
    ]);
    expect(await countsAfter([0, 149, 1], clientThatGets([noNetwork()], { random: () => 0.5 }))).toEqual([1, 1, 2]);
    expect((await countsAfter([10], clientThatGets([noNetwork()], { random: () => 0 })))[0]).toBe(4);
  });

  it.each([
    ["seconds", () => "2"],
    ["a date", () => new Date(Date.now() + 2_000).toUTCString()],
  ])("[HT2] waits for what Retry-After names, in %s, and its jitter on top", async (_how, retryAfter) => {
    vi.setSystemTime(Date.parse("2031-03-03T09:00:00.000Z"));
    const answers = [() => failure("rate_limited", { "retry-after": retryAfter() })(), success(sampleBoard())];
    const options = { random: () => 0.5, retryFirstMs: 300 };
    expect(await countsAfter([0, 2_149, 1], clientThatGets(answers, options))).toEqual([1, 1, 2]);
  });

  it.each(["31", "99999999999", "Wed, 03 Mar 2032 09:00:00 GMT"])(
    "[HT2] is not made where Retry-After names longer than anybody waits: %s",
    async (retryAfter) => {
      vi.setSystemTime(Date.parse("2031-03-03T09:00:00.000Z"));
      const { client, requests } = clientThatGets([failure("unavailable", { "retry-after": retryAfter })]);
      expect(await client.getBoard({ query: { date: day } })).toMatchObject({ error: { code: "unavailable" } });
      expect(requests).toHaveLength(1);
    },
  );

  it.each(["soon", "-5", "0", "", "Wed, 03 Mar 1999 09:00:00 GMT"])(
    "[HT2] takes a Retry-After that names no time to come, %j, for none",
    async (retryAfter) => {
      const answers = [failure("unavailable", { "retry-after": retryAfter }), success(sampleBoard())];
      expect(await countsAfter([0, 300], clientThatGets(answers, { random: () => 0.9 }))).toEqual([1, 2]);
    },
  );
});
