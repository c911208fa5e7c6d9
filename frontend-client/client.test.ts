import { type ErrorCode, errorStatus } from "@status-board/contracts";
import { describe, expect, it, vi } from "vitest";
import { createStatusBoardClient } from "./status-board-client.ts";
import { day, sampleBoard, sampleCard, sampleError } from "./testing/samples.ts";
import { clientThatGets, failure, finish, noNetwork, pass, stopClock, success } from "./testing/scripted-fetch.ts";

const id = sampleCard().id;
const move = { newStatus: "ready", expectedVersion: 1 } as const;

stopClock();

describe("a request", () => {
  it("[HT1] goes to its route with id, query and body, and gives the data", async () => {
    const { client, requests } = clientThatGets([success(sampleCard())]);
    const result = await client.moveAppointment({ id, body: { ...move, mutationId: "m1" } });
    expect(result).toEqual({ ok: true, data: sampleCard() });
    expect(requests).toMatchObject([
      {
        url: `http://board.test/api/admin/appointments/${id}/move`,
        method: "POST",
        body: { ...move, mutationId: "m1" },
        headers: { "content-type": "application/json", "x-protocol-version": "1" },
        credentials: "include",
      },
    ]);
  });

  it("[HT3] leaves out what is undefined, and says in a path or a query what would have a meaning there", async () => {
    const { client, requests } = clientThatGets([success({ items: [], total: 0 }), success(sampleCard())]);
    await client.listServices({ query: { search: "a&b=c d", limit: 5, active: undefined } as object });
    await client.getAppointment({ id: "../board?x" });
    expect(requests.map(({ url }) => url)).toEqual([
      "http://board.test/api/admin/services?search=a%26b%3Dc+d&limit=5",
      "http://board.test/api/admin/appointments/..%2Fboard%3Fx",
    ]);
    expect(requests.map(({ body, headers }) => [body, headers["content-type"]])).toEqual([
      [null, undefined],
      [null, undefined],
    ]);
  });

  it("[HT4] has a well-formed correlation id of its own, whatever the dice say", async () => {
    const chances = [0, 0.5, 0.999_999_999];
    const { client, requests } = clientThatGets([success(sampleBoard())], { random: () => chances.pop() ?? 0.1 });
    for (let calls = 0; calls < 4; calls++) await client.getBoard({ query: { date: day } });
    const ids = requests.map(({ headers }) => headers["x-correlation-id"]);
    for (const one of ids) expect(one).toMatch(/^[A-Za-z0-9_.-]{8,64}$/);
    expect(new Set(ids).size).toBe(4);
  });

  it.each([
    ["fixed", { authorization: "a" }],
    ["made for each try", async () => ({ authorization: "a" })],
  ])("[AU2] carries headers that are %s", async (_how, headers) => {
    const { client, requests } = clientThatGets([success(sampleBoard())], { headers });
    await client.getBoard({ query: { date: day } });
    expect(requests[0]?.headers).toMatchObject({ authorization: "a", "x-protocol-version": "1" });
  });

  it("[HT1] takes a document that has no envelope as it is", async () => {
    const { client } = clientThatGets([() => Response.json({ openapi: "3.1.0" })]);
    expect(await client.getOpenApi()).toEqual({ ok: true, data: { openapi: "3.1.0" } });
  });
});

describe("a failure is a value", () => {
  it.each(Object.keys(errorStatus) as ErrorCode[])("[HT2] %s, with all that belongs to it", async (code) => {
    const { client } = clientThatGets([failure(code)], { retries: 0 });
    const result = await client.moveAppointment({ id, body: move });
    expect(result).toEqual({ ok: false, error: sampleError(code) });
  });

  it("[HT2] a conflict over a service or a shop, too", async () => {
    const error = { ...sampleError("version_conflict"), current: { id: "s", version: 2, name: "Oil change" } };
    const { client } = clientThatGets([() => Response.json({ ok: false, error }, { status: 409 })]);
    expect(await client.editService({ id, body: { expectedVersion: 1 } })).toEqual({ ok: false, error });
  });

  it("[HT7] the network's, without a status", async () => {
    const { client, requests } = clientThatGets([noNetwork()], { retries: 0 });
    const result = await client.getBoard({ query: { date: day } });
    const correlationId = requests[0]?.headers["x-correlation-id"];
    expect(result).toEqual({ ok: false, error: { code: "network", message: expect.any(String), correlationId } });
  });

  it("[HT7] the time limit's, which holds for the answer's last byte", async () => {
    const neverEnding = () =>
      new Response(new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([123])) }));
    const stalled: typeof fetch = async (_input, { signal } = {}) => {
      const response = neverEnding();
      // As browsers have it: the signal ends the reading of the body, too.
      return Object.assign(response, {
        text: () => new Promise<string>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
      });
    };
    const client = createStatusBoardClient({ fetch: stalled, timeoutMs: 2_000, retries: 0 });
    const call = client.getBoard({ query: { date: day } });
    const isOver = vi.fn();
    void call.then(isOver);
    await pass(1_999);
    expect(isOver).not.toHaveBeenCalled();
    await pass(1);
    expect(await call).toMatchObject({ ok: false, error: { code: "timeout" } });
  });

  it("[HT7] the caller's own abort, before, during and between tries, and nothing is sent after it", async () => {
    const before = clientThatGets([success(sampleBoard())]);
    const aborted = { ok: false, error: { code: "aborted" } };
    expect(await before.client.getBoard({ query: { date: day }, signal: AbortSignal.abort() })).toMatchObject(aborted);
    const during = clientThatGets(["silence"]);
    const between = clientThatGets([noNetwork()], { random: () => 0.9 });
    for (const { client, requests } of [during, between]) {
      const abort = new AbortController();
      const call = client.getBoard({ query: { date: day }, signal: abort.signal });
      await pass(100);
      abort.abort();
      expect(await call).toMatchObject(aborted);
      expect(requests).toHaveLength(1);
    }
  });

  it("[HT5] nothing is left on the caller's signal, however often a call is retried", async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    const { client } = clientThatGets([noNetwork()]);
    await finish(client.getBoard({ query: { date: day }, signal }));
    expect(added.mock.calls.length).toBeGreaterThan(0);
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
  });
});
