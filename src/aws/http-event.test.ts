import { routes } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { dispatch } from "../http/dispatch.ts";
import { addCard, cardBody } from "../testing/cards.ts";
import { day, openWorkshop, origin, type Workshop } from "../testing/workshop.ts";
import { type HttpResult, requestOfEvent, resultOfResponse } from "./http-event.ts";
import { type EventParts, httpEvent } from "./testing/http-events.ts";

/** An event of somebody who is signed in. */
const event = ({ headers, ...parts }: EventParts) =>
  httpEvent({ ...parts, headers: { authorization: "north/manager/manager", ...headers } });

/** What the function answers. */
const answer = async ({ service }: Workshop, parts: EventParts): Promise<HttpResult> =>
  resultOfResponse(await dispatch(requestOfEvent(event(parts)), service));

const json = { "content-type": "application/json" };
const boardPath = routes.getBoard.path;
const appointments = routes.createAppointment.path;

describe("events of an HTTP API", () => {
  it("[HT1] a GET with a query is answered with text and headers", async () => {
    const shop = await openWorkshop();
    const card = await addCard(shop.manager);
    const { statusCode, headers, body } = await answer(shop, { path: boardPath, query: `date=${day}` });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ "content-type": "application/json; charset=utf-8", "x-release": "1.2.3" });
    expect(JSON.parse(body)).toMatchObject({ ok: true, data: { columns: { scheduled: { items: [card], count: 1 } } } });
  });

  it("[HT1] the bytes of a board that are remembered come out as the same text", async () => {
    const shop = await openWorkshop();
    await addCard(shop.manager, { customer: { name: "Zoë 🚗" } });
    const first = await answer(shop, { path: boardPath, query: `date=${day}` });
    const second = await answer(shop, { path: boardPath, query: `date=${day}` });
    expect(second.body).toBe(first.body);
    expect(first.body).toContain("Zoë 🚗");
  });

  it("[HT1] a POST takes its body as text or in base64", async () => {
    const shop = await openWorkshop();
    const text = JSON.stringify(cardBody({ customer: { name: "Zoë 🚗" } }));
    for (const parts of [{ body: text }, { body: Buffer.from(text).toString("base64"), isBase64Encoded: true }]) {
      const { statusCode, body } = await answer(shop, { method: "POST", path: appointments, headers: json, ...parts });
      expect(statusCode, body).toBe(201);
      expect(JSON.parse(body).data.customer).toEqual({ name: "Zoë 🚗" });
    }
  });

  it("[HT1] a named stage stands before the path and is no part of it", async () => {
    const shop = await openWorkshop();
    expect((await answer(shop, { path: "/prod/health", stage: "prod" })).statusCode).toBe(200);
    expect((await answer(shop, { path: "/health", stage: "prod" })).statusCode).toBe(200);
    expect((await answer(shop, { path: "/dev/health", stage: "prod" })).statusCode).toBe(404);
    expect((await answer(shop, { path: "/prod/health" })).statusCode).toBe(404);
  });

  it("[HT3] repeated query parameters are still seen as such", async () => {
    const { statusCode, body } = await answer(await openWorkshop(), {
      path: boardPath,
      query: `date=${day}&date=${day}`,
    });
    expect(statusCode).toBe(400);
    expect(JSON.parse(body).error.issues).toEqual([{ path: "date", message: "is given more than once" }]);
  });

  it("[HT3] bodies that are malformed, too large or of another type are refused as everywhere", async () => {
    const shop = await openWorkshop();
    const post = (parts: EventParts) => answer(shop, { method: "POST", path: appointments, headers: json, ...parts });
    expect((await post({ body: "{" })).statusCode).toBe(400);
    expect((await post({})).statusCode).toBe(400);
    expect((await post({ body: "/+8=", isBase64Encoded: true })).statusCode).toBe(400);
    expect((await post({ body: " ".repeat(2_000_000) })).statusCode).toBe(413);
    expect(
      (await post({ body: "{}", headers: { "Content-Type": "text/plain", "content-type": "text/plain" } })).statusCode,
    ).toBe(415);
  });

  it("[HT4] header names count whatever their case", async () => {
    const { headers } = await answer(await openWorkshop(), {
      path: "/health",
      headers: { "X-Correlation-Id": "front-desk-1" },
    });
    expect(headers["x-correlation-id"]).toBe("front-desk-1");
  });

  it("[AU3] cookies, which come apart from the headers, count as such: a write with one names its origin", async () => {
    const shop = await openWorkshop();
    const write = {
      method: "POST",
      path: appointments,
      body: JSON.stringify(cardBody()),
      cookies: ["a=1", "session=x"],
    };
    expect((await answer(shop, { ...write, headers: json })).statusCode).toBe(403);
    expect((await answer(shop, { ...write, headers: { ...json, origin } })).statusCode).toBe(201);
    expect(requestOfEvent(event(write)).headers.cookie).toBe("a=1; session=x");
  });

  it("[AU3] a host that is not on the list is refused", async () => {
    const { statusCode } = await answer(await openWorkshop(), { path: "/health", headers: { host: "evil.test" } });
    expect(statusCode).toBe(403);
  });
});
