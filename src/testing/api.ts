import { type ApiError, failureSchema, type RouteId, type RouteResponse, routes } from "@status-board/contracts";
import { expect } from "vitest";
import * as z from "zod";
import { dispatch, type Service } from "../http/dispatch.ts";
import type { HttpRequest, HttpResponse } from "../http/message.ts";

/** What a call gives to its operation. */
export interface Call {
  id?: string;
  query?: Readonly<Record<string, string | number>>;
  body?: unknown;
  headers?: HttpRequest["headers"];
}

/** The product as one caller sees it. */
export interface Api {
  /** Any request at all. */
  request: (request: Partial<HttpRequest>) => Promise<HttpResponse>;
  send: (routeId: RouteId, call?: Call) => Promise<HttpResponse>;
  /** The data of a call that must succeed, and hold nothing that the contract does not name. */
  ok: <Id extends RouteId>(routeId: Id, call?: Call) => Promise<RouteResponse<Id>>;
  /** The error of a call that must fail. */
  refused: (routeId: RouteId, call?: Call) => Promise<ApiError>;
}

export const textOf = ({ body }: HttpResponse): string =>
  typeof body === "string" ? body : Buffer.from(body).toString("utf8");

const successSchema = z.strictObject({ ok: z.literal(true), data: z.unknown() });

/** The data of a success, checked against the contract. */
export function dataOf<Id extends RouteId>(routeId: Id, response: HttpResponse): RouteResponse<Id> {
  const text = textOf(response);
  const route = routes[routeId];
  expect(response.status, text).toBe(route.status);
  const { data } = successSchema.parse(JSON.parse(text));
  const parsed = route.response.parse(data);
  expect(parsed).toEqual(data);
  // The route's own schema has just parsed it; only the generic lookup hides that from the compiler.
  return parsed as RouteResponse<Id>;
}

/** The data of a success by another schema than the route's first: what a viewer gets, and nothing beside it. */
export function dataAs<Schema extends z.ZodType>(schema: Schema, response: HttpResponse): z.output<Schema> {
  const { data } = successSchema.parse(JSON.parse(textOf(response)));
  const parsed = schema.parse(data);
  expect(parsed).toEqual(data);
  return parsed;
}

/** The error of a failure, checked against the contract. */
export function errorOf(response: HttpResponse): ApiError {
  const json: unknown = JSON.parse(textOf(response));
  const failure = failureSchema.parse(json);
  expect(failure).toEqual(json);
  return failure.error;
}

/** A request to an operation of the contract. */
export function requestTo(routeId: RouteId, { id = "", query = {}, body, headers = {} }: Call = {}): HttpRequest {
  const route = routes[routeId];
  const pairs = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return {
    method: route.method,
    path: route.path.replace("{id}", id),
    query: new URLSearchParams(pairs).toString(),
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
  };
}

/** The product to a caller who sends these headers with everything. */
export function apiAs(service: Service, headers: HttpRequest["headers"]): Api {
  const request: Api["request"] = (given) =>
    dispatch({ method: "GET", path: "/", query: "", ...given, headers: { ...headers, ...given.headers } }, service);
  const send: Api["send"] = (routeId, call) => request(requestTo(routeId, call));
  return {
    request,
    send,
    ok: async (routeId, call) => dataOf(routeId, await send(routeId, call)),
    refused: async (routeId, call) => {
      const response = await send(routeId, call);
      expect(response.status, textOf(response)).toBeGreaterThanOrEqual(400);
      return errorOf(response);
    },
  };
}
