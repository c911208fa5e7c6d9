import * as z from "zod";
import { baseHeaders, type Failure, failureResponse } from "../http/answer.ts";
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import { type Meter, withMeter } from "../runtime/meter.ts";
import { StoreUnavailable } from "../store/store.ts";
import { type HttpResult, lowerCase, resultOfResponse } from "./http-event.ts";
import type { LambdaCore } from "./service.ts";

/**
 * What this code reads of a WebSocket API's events. Only a handshake has headers of the client's and a query, and only a
 * message has a body (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html).
 */
const eventSchema = z.object({
  requestContext: z.object({ connectionId: z.string(), routeKey: z.string(), requestTimeEpoch: z.number().optional() }),
  headers: z.record(z.string(), z.string()).nullish(),
  queryStringParameters: z.object({ ticket: z.string().optional() }).nullish(),
  body: z.string().nullish(),
});

/** One event of a connection. */
export interface SocketEvent {
  /** `$connect`, `$disconnect` or `$default`. */
  routeKey: string;
  connectionId: string;
  /** When the gateway took it, in ms since 1970. */
  askedAt: number | undefined;
  /** The handshake as a request, for the gate. */
  request: HttpRequest;
  ticket: string | undefined;
  /** What the client sent; empty where it sent nothing. */
  text: string;
}

export function readSocketEvent(event: unknown): SocketEvent {
  const { requestContext, headers, queryStringParameters, body } = eventSchema.parse(event);
  return {
    routeKey: requestContext.routeKey,
    connectionId: requestContext.connectionId,
    askedAt: requestContext.requestTimeEpoch,
    request: { method: "GET", path: "/", query: "", headers: lowerCase(headers ?? {}) },
    ticket: queryStringParameters?.ticket,
    text: body ?? "",
  };
}

/** All is well. On a handshake this lets the client in; after any other event nobody reads it. */
export const accepted: HttpResponse = { status: 200, headers: {}, body: "" };

/** Turns a client away in the envelope of every failure. */
export const turnedAway = (failure: Failure, { service }: LambdaCore): HttpResponse =>
  failureResponse(failure, baseHeaders(service.newCorrelationId(), service.release));

/** What a socket's events are called in the log, where other requests have the id of their route. */
export type SocketRoute = "liveConnect" | "liveDisconnect" | "liveMessage";

/**
 * Does what an event asks for and writes its one line of the log. What is thrown becomes `unavailable` or `internal`; the
 * cause goes to the log alone (HT6).
 */
export async function logged(
  route: SocketRoute,
  connectionId: string,
  core: LambdaCore,
  work: () => Promise<HttpResponse>,
): Promise<HttpResult> {
  const startedAt = performance.now();
  const meter: Meter = { calls: 0, capacityUnits: 0 };
  const { response, level, cause } = await withMeter(meter, () => guarded(work, core));
  const { status, error } = response;
  const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
  core.service.metrics?.request({ route, status, durationMs, isConflict: false });
  core.service.logger[level](
    {
      route,
      connectionId,
      status,
      durationMs,
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { err: cause }),
      ...(meter.calls > 0 && { databaseCalls: meter.calls, capacityUnits: meter.capacityUnits }),
    },
    "socket event",
  );
  return resultOfResponse(response);
}

async function guarded(
  work: () => Promise<HttpResponse>,
  core: LambdaCore,
): Promise<{ response: HttpResponse; level: "info" | "warn" | "error"; cause?: unknown }> {
  try {
    return { response: await work(), level: "info" };
  } catch (cause) {
    const code = failureCodeOf(cause);
    return { response: turnedAway({ code }, core), level: code === "unavailable" ? "warn" : "error", cause };
  }
}

/** What a failure of our own is to a client. */
export const failureCodeOf = (cause: unknown): "unavailable" | "internal" =>
  cause instanceof StoreUnavailable ? "unavailable" : "internal";
