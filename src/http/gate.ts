import { type HttpRequest, type HttpResponse, headerOf } from "./message.ts";

/** Which names this server answers to, and which pages may call it (AU3). */
export interface Gate {
  /** Host names without port, in lower case. */
  allowedHosts: ReadonlySet<string>;
  /** Whole origins, e.g. http://localhost:3000. */
  allowedOrigins: ReadonlySet<string>;
}

/** The name in a Host header, without its port; an IPv6 address keeps its brackets. */
const hostName = (host: string): string => host.toLowerCase().replace(/:[0-9]*$/, "");

const exposed = "x-correlation-id, x-protocol-version, x-release, retry-after";

/** Why a request may not pass: a Host that is not ours, an Origin that is not listed, or a cookie's write without one. */
export function refusedBy(gate: Gate, request: HttpRequest): string | undefined {
  const host = headerOf(request, "host");
  if (host === undefined || !gate.allowedHosts.has(hostName(host)))
    return "This server does not answer to that host name.";
  const origin = headerOf(request, "origin");
  if (origin !== undefined && !gate.allowedOrigins.has(origin)) return "Pages of that origin may not call this server.";
  const writes = request.method !== "GET" && request.method !== "HEAD" && request.method !== "OPTIONS";
  if (writes && origin === undefined && headerOf(request, "cookie") !== undefined)
    return "A write with a cookie must name its origin.";
  return undefined;
}

/** What lets a listed origin read the answer. Call it only for a request that passed. */
export function corsHeaders(request: HttpRequest): Record<string, string> {
  const origin = headerOf(request, "origin");
  if (origin === undefined) return { vary: "Origin" };
  return {
    vary: "Origin",
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": exposed,
  };
}

/** The answer to a preflight of a listed origin. */
export const preflight = (headers: Record<string, string>, methods: readonly string[]): HttpResponse => ({
  status: 204,
  headers: {
    ...headers,
    "access-control-allow-methods": methods.join(", "),
    "access-control-allow-headers": "content-type, x-correlation-id, x-protocol-version",
    "access-control-max-age": "600",
  },
  body: "",
});
