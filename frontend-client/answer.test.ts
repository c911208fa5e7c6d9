import { errorStatus, publicBoardSchema } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { boardChecks } from "./board-checks.ts";
import { fullChecks } from "./checks.ts";
import { createBoardClient } from "./client.ts";
import { day, sampleBoard, sampleCard, sampleChanges, sampleError } from "./testing/samples.ts";
import { bareAnswer, clientThatGets, scriptedFetch, stopClock, success } from "./testing/scripted-fetch.ts";

const id = sampleCard().id;
const move = { newStatus: "ready", expectedVersion: 1 } as const;

stopClock();

describe("what is not an answer of ours", () => {
  const json = (message: string) => JSON.stringify({ message });
  it.each([
    [400, json("Bad Request"), "invalid_request"],
    [401, json("Unauthorized"), "unauthenticated"],
    [403, json("Forbidden"), "forbidden"],
    [404, json("Not Found"), "not_found"],
    [405, "", "method_not_allowed"],
    [413, json("Request Too Long"), "payload_too_large"],
    [415, "", "unsupported_media_type"],
    [429, json("Too Many Requests"), "rate_limited"],
    [500, json("Internal Server Error"), "internal"],
    [502, "<html>Bad Gateway</html>", "unavailable"],
    [503, json("Service Unavailable"), "unavailable"],
    [504, json("Endpoint request timed out"), "unavailable"],
    [409, json("Conflict"), "bad_answer"],
    [410, "", "bad_answer"],
    [418, "", "bad_answer"],
    [302, "", "bad_answer"],
  ])("[HT7] a gateway's bare %i %s is %s", async (status, body, code) => {
    const { client } = clientThatGets([bareAnswer(status, body)], { retries: 0 });
    expect(await client.getBoard({ query: { date: day } })).toMatchObject({ ok: false, error: { code } });
  });

  it.each([
    [400, "invalid_request"],
    [401, "unauthenticated"],
    [403, "forbidden"],
    [404, "not_found"],
    [429, "rate_limited"],
    [500, "internal"],
    [503, "unavailable"],
    [415, "bad_answer"],
  ])("[HT7] a board's own client knows a bare %i as %s", async (status, code) => {
    const client = createBoardClient({ baseUrl: "http://board.test", fetch: scriptedFetch(bareAnswer(status)).fetch });
    expect(await client.moveAppointment({ id, body: move })).toMatchObject({ ok: false, error: { code } });
  });

  it("[HT7] a bare 400 has no issues to show, and a bad answer its status", async () => {
    const { client } = clientThatGets([bareAnswer(400), bareAnswer(418)]);
    expect(await client.getMe()).toMatchObject({ error: { code: "invalid_request", issues: [] } });
    expect(await client.getMe()).toMatchObject({ error: { code: "bad_answer", status: 418 } });
  });

  it.each(["x-correlation-id", "x-amzn-requestid", "apigw-requestid"])(
    "[HT4] is told of with the id in its %s",
    async (header) => {
      const { client } = clientThatGets([bareAnswer(403, "", { [header]: "gateway-1" })]);
      expect(await client.getMe()).toMatchObject({ error: { code: "forbidden", correlationId: "gateway-1" } });
    },
  );

  it("[HT4] is told of with the id that was sent, where it names none", async () => {
    const { client, requests } = clientThatGets([bareAnswer(403)]);
    const result = await client.getMe();
    const correlationId = requests[0]?.headers["x-correlation-id"];
    expect(result).toMatchObject({ error: { code: "forbidden", correlationId } });
    expect(correlationId).toMatch(/./);
  });

  /** Every way of spoiling one field of a value: it is missing, or something else. */
  function* spoiled(value: unknown, path: readonly string[]): Generator<unknown> {
    const [name = "", ...rest] = path;
    const fields: Record<string, unknown> = Object(value);
    const put = (inner: unknown) =>
      Array.isArray(value) ? Object.assign([...value], { [name]: inner }) : { ...fields, [name]: inner };
    if (rest.length > 0) for (const inner of spoiled(fields[name], rest)) yield put(inner);
    else for (const wrong of [undefined, null, true, [null], { x: 1 }, "1.5x", 1.5]) yield put(wrong);
  }
  const leanedOn = (text: string) => text.split(" ").map((path) => path.split("."));
  const boardCard = "id date version status rank";
  const wholeCard = `${boardCard} start end customer customer.name vehicle services services.0`;
  const inside = (place: string, fields: string) => fields.replace(/\S+/g, `${place}.$&`);
  const boardFields = (card: string) =>
    `epoch rev columns columns.no_show columns.ready.items removed removed.0 removed.0.id removed.0.version columns.scheduled.items.0 ${inside("columns.scheduled.items.0", card)}`;
  const changesFields = (card: string) =>
    `epoch head changes changes.0 changes.0.rev changes.0.epoch changes.0.ops changes.0.ops.0 changes.0.ops.0.card ${inside("changes.0.ops.0.card", card)} changes.1.ops.0.id changes.1.ops.0.version`;

  it.each([
    ["board", "getBoard", sampleBoard(), boardFields(boardCard)],
    ["board", "getChanges", sampleChanges(), changesFields(boardCard)],
    ["board", "moveAppointment", sampleCard(), boardCard],
    ["board", "undoMove", sampleCard(), boardCard],
    ["page", "getBoard", sampleBoard(), boardFields(wholeCard)],
    ["page", "getChanges", sampleChanges(), changesFields(wholeCard)],
    ["page", "getAppointment", sampleCard(), wholeCard],
    ["page", "createAppointment", sampleCard(), wholeCard],
    ["page", "editAppointment", sampleCard(), wholeCard],
    ["page", "moveAppointment", sampleCard(), wholeCard],
    ["page", "undoMove", sampleCard(), wholeCard],
    ["page", "createTicket", { ticket: "t", url: "ws://x" }, "ticket url"],
    ["page", "removeAppointment", { id, version: 2 }, "id version"],
    ["page", "getHistory", { items: [{}] }, "items items.0"],
    ["page", "listServices", { items: [{}] }, "items items.0"],
  ] as const)(
    "[HT1] without what a %s builds on it, a %s is a bad answer, not an exception later",
    async (who, route, data, fields) => {
      const checks = who === "page" ? fullChecks : boardChecks;
      for (const path of leanedOn(fields))
        for (const wrong of spoiled(data, path)) {
          // A text is as good as another, and an object without any fields may still be one.
          if (isFine(wrong, path)) continue;
          const { client } = clientThatGets([success(wrong)], { checks });
          const result = await client[route]();
          expect(result, `${path.join(".")}: ${JSON.stringify(wrong)}`).toMatchObject({
            ok: false,
            error: { code: "bad_answer", status: 200 },
          });
        }
      const { client } = clientThatGets([success(data)], { checks });
      expect(await client[route]()).toEqual({ ok: true, data });
    },
  );

  /** Where a wrong value is of the right kind by chance. */
  function isFine(whole: unknown, path: readonly string[]): boolean {
    let value: unknown = whole;
    for (const name of path) value = Object(value)[name];
    const name = path.at(-1) ?? "";
    if (["id", "date", "rank", "epoch", "name", "ticket", "url"].includes(name)) return typeof value === "string";
    if (
      name === "vehicle" ||
      (name === "0" && path.at(-2) === "services") ||
      (path.length === 2 && path[0] === "items")
    )
      return Object(value) === value;
    return false;
  }

  it.each([
    ["invalid_request", "issues"],
    ["conflict", "reason"],
    ["version_conflict", "current"],
    ["version_conflict", "current.status"],
    ["version_conflict", "current.version"],
    ["invalid_transition", "from"],
    ["invalid_transition", "allowed"],
    ["revision_gone", "rev"],
    ["not_found", "code"],
    ["not_found", "message"],
  ] as const)("[HT2] a %s with another %s is told by its status alone", async (code, path) => {
    for (const error of spoiled(sampleError(code), path.split("."))) {
      if (path === "reason" && typeof Object(error).reason === "string") continue;
      if (path === "message" && typeof Object(error).message === "string") continue;
      const refused = () => Response.json({ ok: false, error }, { status: errorStatus[code] });
      const { client } = clientThatGets([refused], { checks: fullChecks });
      const bare = code === "invalid_request" || code === "not_found" ? code : "bad_answer";
      const correlationId = expect.not.stringContaining("server-0001");
      expect(await client.moveAppointment({ id, body: move }), JSON.stringify(error)).toMatchObject({
        ok: false,
        error: { code: bare, correlationId },
      });
    }
  });

  it.each([
    "",
    "null",
    "[]",
    "<html>",
    '{"ok":true',
    '{"ok":"true","data":{}}',
    '{"data":{}}',
    '{"ok":true}',
    '{"ok":true,"data":7}',
  ])("[HT1] a 200 that says %s is a bad answer", async (body) => {
    const { client } = clientThatGets([bareAnswer(200, body)]);
    expect(await client.getShop()).toMatchObject({ ok: false, error: { code: "bad_answer", status: 200 } });
  });

  it("[HT1] a success that came with a failure's status is none", async () => {
    const { client } = clientThatGets([() => Response.json({ ok: true, data: sampleBoard() }, { status: 403 })]);
    expect(await client.getBoard({ query: { date: day } })).toMatchObject({ ok: false, error: { code: "forbidden" } });
  });

  it("[AU6] what a viewer gets is whole", async () => {
    const board = publicBoardSchema.parse(sampleBoard());
    const { client } = clientThatGets([success(board)]);
    expect(await client.getBoard({ query: { date: day } })).toEqual({ ok: true, data: board });
  });
});
