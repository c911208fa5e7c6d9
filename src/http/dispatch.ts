import {
  bareRoutes,
  type Issue,
  idSchema,
  limits,
  type Role,
  type Route,
  type RouteId,
  routes,
} from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Ports } from "../operations/ports.ts";
import type { Logger } from "../runtime/logger.ts";
import { type Meter, withMeter } from "../runtime/meter.ts";
import { StoreUnavailable } from "../store/store.ts";
import { baseHeaders, type Failure, failureOf, failureResponse, fileResponse, successBody } from "./answer.ts";
import { type DocsFile, isDocsPath } from "./docs-page.ts";
import { corsHeaders, type Gate, preflight, refusedBy } from "./gate.ts";
import { guardedHandlers, publicHandlers } from "./handlers.ts";
import { type HttpRequest, type HttpResponse, headerOf, type RouteMatch } from "./message.ts";
import { parseRequest } from "./parse.ts";
import { matchRoute } from "./router.ts";

/** What a root gives the core to answer requests with. */
export interface Service {
  ports: Ports;
  gate: Gate;
  logger: Logger;
  release: string;
  /** Who is asking; undefined when nobody is signed in. */
  authenticate: (request: HttpRequest) => Promise<Principal | undefined> | Principal | undefined;
  newCorrelationId: () => string;
  /** The files of the documentation's page; absent where something else serves them. */
  docs?: (path: string) => Promise<DocsFile | undefined>;
}

type Answer =
  | { kind: "success"; data: object; status: number }
  | { kind: "file"; file: DocsFile }
  | { kind: "failure"; failure: Failure; allow?: readonly string[] };

const fail = (failure: Failure) => ({ kind: "failure" as const, failure });
const correlationIdPattern = new RegExp(`^[A-Za-z0-9_.-]{8,${limits.correlationIdMaxCharacters}}$`);

/** The one way from a request to an answer, the same for every root. It never throws: this is the only catch. */
export async function dispatch(request: HttpRequest, service: Service): Promise<HttpResponse> {
  const startedAt = performance.now();
  const meter: Meter = { calls: 0, capacityUnits: 0 };
  const match = matchRoute(request.method, request.path);
  const routeId = match.kind === "route" ? match.routeId : isDocsPath(request.path) ? "getDocs" : undefined;
  const headers = headersFor(request, service);
  const response = await withMeter(meter, async () => {
    const refused = refusedBy(service.gate, request);
    if (refused !== undefined) return failureResponse({ code: "forbidden", message: refused }, headers);
    Object.assign(headers, corsHeaders(request));
    if (request.method === "OPTIONS" && match.kind === "wrong_method") return preflight(headers, match.allow);
    const answer = await guarded(() => answerMatch(match, request, service), headers, service);
    if (answer.kind === "file") return fileResponse(answer.file, headers);
    if (answer.kind === "failure")
      return failureResponse(answer.failure, answer.allow ? { ...headers, allow: answer.allow.join(", ") } : headers);
    const { data, status } = answer;
    const isBare = routeId !== undefined && bareRoutes.has(routeId);
    return { status, headers, body: isBare ? JSON.stringify(data) : successBody(data, routeId === "getBoard") };
  });
  log(service.logger, { routeId, response, startedAt, meter });
  return response;
}

/** A request that did not reach {@link dispatch}, because its root could not even read it, answered in the same form. */
export function refuse(request: HttpRequest, failure: Failure, service: Service): HttpResponse {
  const startedAt = performance.now();
  const refused = request.method === "" ? undefined : refusedBy(service.gate, request);
  const answered: Failure = refused === undefined ? failure : { code: "forbidden", message: refused };
  const response = failureResponse(answered, headersFor(request, service));
  log(service.logger, { routeId: undefined, response, startedAt, meter: { calls: 0, capacityUnits: 0 } });
  return response;
}

function headersFor(request: HttpRequest, service: Service): Record<string, string> {
  const given = headerOf(request, "x-correlation-id");
  const accepted = given !== undefined && correlationIdPattern.test(given);
  return baseHeaders(accepted ? given : service.newCorrelationId(), service.release);
}

/** Turns what is thrown into `unavailable` or `internal`; the cause goes to the log alone (HT6). */
async function guarded(
  work: () => Promise<Answer>,
  headers: Record<string, string>,
  service: Service,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const unavailable = error instanceof StoreUnavailable;
    service.logger[unavailable ? "warn" : "error"](
      { err: error, correlationId: headers["x-correlation-id"] },
      "request failed",
    );
    return fail({ code: unavailable ? "unavailable" : "internal" });
  }
}

async function answerMatch(match: RouteMatch, request: HttpRequest, service: Service): Promise<Answer> {
  if (match.kind === "route") return answerRoute(match.routeId, match.id, request, service);
  if (match.kind === "wrong_method") return { ...fail({ code: "method_not_allowed" }), allow: match.allow };
  // Until there is a page of its own, whoever opens the bare address reads how to use it.
  const path = request.path === "/" ? "/docs" : request.path;
  if (service.docs === undefined || !isDocsPath(path)) return fail({ code: "not_found" });
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!isRead) return { ...fail({ code: "method_not_allowed" }), allow: ["GET", "HEAD"] };
  const file = await service.docs(path);
  return file === undefined ? fail({ code: "not_found" }) : { kind: "file", file };
}

/** In HT2's order: who asks, a malformed id, the route's role, the input, and then the operation's own judgement. */
async function answerRoute(routeId: RouteId, id: string, request: HttpRequest, service: Service): Promise<Answer> {
  const route: Route = routes[routeId];
  if (route.roles === "public") return answerPublic(routeId, route, request, service);
  const principal = await service.authenticate(request);
  if (principal === undefined) return fail({ code: "unauthenticated" });
  if (route.path.includes("{id}") && !idSchema.safeParse(id).success) return fail({ code: "not_found" });
  if (!mayCall(route.roles, principal.role))
    return fail({ code: "forbidden", message: `A ${principal.role} may not do this.` });
  const parsed = parseRequest(request, route);
  if (parsed.kind !== "parsed") return fail(unparsed(parsed));
  // Each handler takes what its own route's schemas give; the table of handlers is typed so.
  const handler = guardedHandlers[routeId as keyof typeof guardedHandlers] as (
    input: { id: string; query: unknown; body: unknown },
    principal: Principal,
    ports: Ports,
  ) => Promise<Outcome<object>>;
  return answerOf(
    await handler({ id, query: parsed.query, body: parsed.body }, principal, service.ports),
    route.status,
  );
}

async function answerPublic(routeId: RouteId, route: Route, request: HttpRequest, service: Service): Promise<Answer> {
  const parsed = parseRequest(request, route);
  if (parsed.kind !== "parsed") return fail(unparsed(parsed));
  const handler = publicHandlers[routeId as keyof typeof publicHandlers];
  return answerOf(await handler(service.ports, service.release), route.status);
}

const mayCall = (allowed: readonly Role[], role: Role) => allowed.includes(role);

const unparsed = (
  parsed:
    | { kind: "invalid_request"; issues: Issue[] }
    | { kind: "payload_too_large" }
    | { kind: "unsupported_media_type" },
): Failure =>
  parsed.kind === "invalid_request" ? { code: parsed.kind, issues: parsed.issues } : { code: parsed.kind };

const answerOf = (outcome: Outcome<object>, status: number): Answer =>
  outcome.kind === "ok"
    ? { kind: "success", data: outcome.data, status: outcome.repeated ? 200 : status }
    : fail(failureOf(outcome));

function log(
  logger: Logger,
  {
    routeId,
    response,
    startedAt,
    meter,
  }: { routeId: string | undefined; response: HttpResponse; startedAt: number; meter: Meter },
): void {
  const { error } = response;
  const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
  logger.info(
    {
      correlationId: response.headers["x-correlation-id"],
      route: routeId ?? "none",
      status: response.status,
      durationMs,
      ...(error !== undefined && { error }),
      conflicts: error === "version_conflict" ? 1 : 0,
      ...(meter.calls > 0 && { databaseCalls: meter.calls, capacityUnits: meter.capacityUnits }),
    },
    "request",
  );
}
