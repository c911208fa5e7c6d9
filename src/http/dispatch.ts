import {
  bareRoutes,
  type Endpoint,
  endpoints,
  idSchema,
  limits,
  type Role,
  type RouteId,
  type VisitId,
  visits,
} from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Ports } from "../operations/ports.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Meter, withMeter } from "../runtime/meter.ts";
import type { Metrics } from "../runtime/metrics.ts";
import {
  baseHeaders,
  type Failure,
  failureOf,
  failureResponse,
  fileResponse,
  outageOf,
  successBody,
  wordsOf,
} from "./answer.ts";
import { failurePage } from "./failure-page.ts";
import { corsHeaders, type Gate, preflight, refusedBy } from "./gate.ts";
import type { Handlers, OpenInput, OpenOutcome } from "./handlers.ts";
import { type HttpRequest, type HttpResponse, headerOf, type RouteMatch } from "./message.ts";
import { type Parsing, parseRequest, unparsed } from "./parse.ts";
import { matchRoute } from "./router.ts";
import type { Retry, SignIn } from "./sign-in.ts";
import type { FileSource, StaticFile } from "./static-file.ts";

export type Asking = Principal | "stranger" | undefined;

/** What a root gives the core to answer requests with. */
export interface Service {
  ports: Ports;
  gate: Gate;
  logger: Logger;
  /** Where requests are counted, if somewhere. */
  metrics?: Metrics;
  release: string;
  /** Counts what a request costs the database; absent where the database has no calls to count. */
  metered?: typeof withMeter;
  /** What is served here; any other operation is not found. */
  handlers: Handlers;
  /** Who is asking; undefined when nobody is signed in, `stranger` for somebody who is known, but has no role here. */
  authenticate: (request: HttpRequest) => Promise<Asking> | Asking;
  /** Whether the session of a ticket or a connection still holds. */
  holds: (principal: Principal) => Promise<boolean>;
  /** How people get their sessions; absent where everybody is the owner. */
  signIn?: SignIn;
  /** Where the sender of a request opens his WebSocket, if that depends on how he came. */
  liveUrlFor?: (request: HttpRequest) => string;
  newCorrelationId: () => string;
  /** What is served beside the API; absent where something else serves it. */
  files?: readonly FileSource[];
}

type Cookies = readonly string[];
type Answer =
  | { kind: "success"; data: object; status: number; cookies?: Cookies }
  | { kind: "file"; file: StaticFile }
  | { kind: "redirect"; location: string; cookies: Cookies }
  | { kind: "failure"; failure: Failure; allow?: readonly string[]; cookies?: Cookies; retry?: Retry };

const fail = (failure: Failure) => ({ kind: "failure" as const, failure });
const correlationIdPattern = new RegExp(`^[A-Za-z0-9_.-]{8,${limits.correlationIdMaxCharacters}}$`);

/** The one way from a request to an answer, the same for every root. It never throws: this is the only catch. */
export async function dispatch(request: HttpRequest, service: Service): Promise<HttpResponse> {
  const startedAt = performance.now();
  const meter: Meter = { calls: 0, capacityUnits: 0 };
  const match = matchRoute(request.method, request.path);
  const visitId = visitOf(request, service);
  const routeId = match.kind === "route" ? match.routeId : (visitId ?? sourceOf(request.path, service)?.routeId);
  const headers = headersFor(request, service);
  const work = async () => {
    const refused = refusedBy(service.gate, request);
    if (refused !== undefined) return failureResponse({ code: "forbidden", message: refused }, headers);
    Object.assign(headers, corsHeaders(request));
    if (request.method === "OPTIONS" && match.kind === "wrong_method") return preflight(headers, match.allow);
    const ask = () =>
      visitId ? answerVisit(visitId, request, headers, service) : answerMatch(match, request, service);
    const answer = await guarded(ask, headers, service);
    if (answer.kind === "file") return fileResponse(answer.file, headers);
    if (answer.kind === "redirect")
      return { status: 302, headers: { ...headers, location: answer.location }, body: "", cookies: answer.cookies };
    if (answer.kind === "failure") return failed(answer, visitId !== undefined && wantsPage(request), headers);
    const { data, status, cookies = [] } = answer;
    const isBare = match.kind === "route" && bareRoutes.has(match.routeId);
    return {
      status,
      headers,
      body: isBare ? JSON.stringify(data) : successBody(data, routeId === "getBoard"),
      cookies,
    };
  };
  const response = await (service.metered?.(meter, work) ?? work());
  note(service, { routeId, response, startedAt, meter });
  return response;
}

/** A failure in its envelope, or as a page to whoever came by a link. */
function failed(
  { failure, allow, cookies = [], retry = tryAgain }: Extract<Answer, { kind: "failure" }>,
  asPage: boolean,
  headers: Record<string, string>,
): HttpResponse {
  const response = failureResponse(failure, allow ? { ...headers, allow: allow.join(", ") } : headers);
  return { ...(asPage ? failurePage(response, wordsOf(failure), retry) : response), cookies };
}

const tryAgain: Retry = { href: visits.signIn.path, label: "Try again" };

/** A program says that it wants JSON; a browser's window, and whoever says nothing, gets a page. */
const wantsPage = (request: HttpRequest): boolean => {
  const accept = headerOf(request, "accept") ?? "";
  return accept.includes("text/html") || !accept.includes("application/json");
};

const visitOf = ({ path, machine }: HttpRequest, { signIn }: Service): VisitId | undefined =>
  signIn?.visit && machine === undefined
    ? (Object.keys(visits) as VisitId[]).find((id) => visits[id].path === path)
    : undefined;

/** A look at the way in must not use it up, so it takes GET alone. */
async function answerVisit(
  id: VisitId,
  request: HttpRequest,
  headers: Record<string, string>,
  { signIn }: Service,
): Promise<Answer> {
  if (signIn?.visit === undefined) return fail({ code: "not_found" });
  if (request.method !== "GET") return { ...fail({ code: "method_not_allowed" }), allow: ["GET"] };
  return signIn.visit(id, request, headers["x-correlation-id"] ?? "");
}

/** A request that did not reach {@link dispatch}, because its root could not even read it, answered in the same form. */
export function refuse(request: HttpRequest, failure: Failure, service: Service): HttpResponse {
  const startedAt = performance.now();
  const refused = request.method === "" ? undefined : refusedBy(service.gate, request);
  const answered: Failure = refused === undefined ? failure : { code: "forbidden", message: refused };
  const response = failureResponse(answered, headersFor(request, service));
  note(service, { routeId: undefined, response, startedAt, meter: { calls: 0, capacityUnits: 0 } });
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
    const outage = outageOf(error);
    service.logger[outage ? "warn" : "error"](
      { err: error, correlationId: headers["x-correlation-id"] },
      "request failed",
    );
    return fail(outage ?? { code: "internal" });
  }
}

async function answerMatch(match: RouteMatch, request: HttpRequest, service: Service): Promise<Answer> {
  if (match.kind === "route") return answerRoute(match.routeId, match.id, request, service);
  if (match.kind === "wrong_method") return { ...fail({ code: "method_not_allowed" }), allow: match.allow };
  const source = sourceOf(request.path, service);
  return source === undefined ? fail({ code: "not_found" }) : answerFile(source, request);
}

const sourceOf = (path: string, { files = [] }: Service) => files.find(({ owns }) => owns(path));

async function answerFile(source: FileSource, request: HttpRequest): Promise<Answer> {
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!isRead) return { ...fail({ code: "method_not_allowed" }), allow: ["GET", "HEAD"] };
  const file = await source.read(request.path, headerOf(request, "accept-encoding") ?? "");
  return file === undefined ? fail({ code: "not_found" }) : { kind: "file", file };
}

/** In HT2's order: who asks, a malformed id, the route's role, the input, and then the operation's own judgement. */
async function answerRoute(routeId: RouteId, id: string, request: HttpRequest, service: Service): Promise<Answer> {
  const route: Endpoint = endpoints[routeId];
  const handler = service.handlers[routeId];
  // Machines sign each request: what needs no sign-in does not stand on their way in.
  const isElsewhere = request.machine !== undefined && route.roles === "public";
  if (handler === undefined || isElsewhere) return fail({ code: "not_found" });
  if (route.roles === "public") return answerOpen(handler as OpenHandler, route, request, service);
  const principal = await service.authenticate(request);
  if (principal === undefined) return fail({ code: "unauthenticated" });
  if (principal === "stranger") return fail({ code: "forbidden", message: "This identity has no role here." });
  if (route.path.includes("{id}") && !idSchema.safeParse(id).success) return fail({ code: "not_found" });
  if (!mayCall(route.roles, principal.role))
    return fail({ code: "forbidden", message: `A ${principal.role} may not do this.` });
  const parsed = parseRequest(request, handler);
  if (parsed.kind !== "parsed") return fail(unparsed(parsed));
  const input = { id, query: parsed.query, body: parsed.body };
  const { liveUrlFor } = service;
  // A ticket alone says where a socket opens; the other operations need no ports of their own.
  const ports =
    liveUrlFor && routeId === "createTicket" ? { ...service.ports, liveUrl: () => liveUrlFor(request) } : service.ports;
  const outcome = await (handler as GuardedHandler).run(input, principal, ports);
  const cookies = routeId === "getMe" ? await service.signIn?.renewed(request, principal) : undefined;
  return answerOf(cookies ? { ...outcome, cookies } : outcome, route.status);
}

async function answerOpen(
  handler: OpenHandler,
  { status }: Endpoint,
  request: HttpRequest,
  { ports, release, signIn }: Service,
): Promise<Answer> {
  const parsed = parseRequest(request, handler);
  if (parsed.kind !== "parsed") return fail(unparsed(parsed));
  return answerOf(await handler.run({ ports, release, request, signIn, body: parsed.body }), status);
}

/** Each handler takes what its own route's schemas give; the table of handlers is typed so, and a lookup forgets it. */
type GuardedHandler = Parsing & {
  run: (
    input: { id: string; query: unknown; body: unknown },
    principal: Principal,
    ports: Ports,
  ) => Promise<Outcome<object>>;
};
type OpenHandler = Parsing & { run: (input: OpenInput & { body: unknown }) => Promise<OpenOutcome<object>> };

const mayCall = (allowed: readonly Role[], role: Role) => allowed.includes(role);

const answerOf = (outcome: OpenOutcome<object>, status: number): Answer =>
  outcome.kind === "ok"
    ? {
        kind: "success",
        data: outcome.data,
        status: outcome.repeated ? 200 : status,
        ...(outcome.cookies && { cookies: outcome.cookies }),
      }
    : fail(failureOf(outcome));

/** Writes a request's one line of the log, and counts it. */
function note(
  { logger, metrics }: Service,
  {
    routeId,
    response,
    startedAt,
    meter,
  }: { routeId: string | undefined; response: HttpResponse; startedAt: number; meter: Meter },
): void {
  const { error } = response;
  const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
  const isConflict = error === "version_conflict";
  metrics?.request({ route: routeId ?? "none", status: response.status, durationMs, isConflict });
  logger.info(
    {
      correlationId: response.headers["x-correlation-id"],
      route: routeId ?? "none",
      status: response.status,
      durationMs,
      ...(error !== undefined && { error }),
      conflicts: isConflict ? 1 : 0,
      ...(meter.calls > 0 && { databaseCalls: meter.calls, capacityUnits: meter.capacityUnits }),
    },
    "request",
  );
}
