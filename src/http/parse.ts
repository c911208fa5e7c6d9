import { type Issue, limits, noQuery, oldestServedProtocolVersion, PROTOCOL_VERSION } from "@status-board/contracts";
import type { z } from "zod";
import type { Failure } from "./answer.ts";
import { type HttpRequest, headerOf } from "./message.ts";

/**
 * What a request is parsed by: the contract's own schemas, named by whoever takes what they give, so that a function makes those of its
 * own operations alone. Absent: no parameters, and no body.
 */
export interface Parsing {
  query?: z.ZodType;
  body?: z.ZodType;
}

/** What a request asks for, or why it cannot be understood. */
export type Parsed =
  | { kind: "parsed"; query: unknown; body: unknown }
  | { kind: "invalid_request"; issues: Issue[] }
  | { kind: "payload_too_large" }
  | { kind: "unsupported_media_type" };

/** More wrong fields than these are not listed: nobody reads them, and an answer stays small. */
const issuesMax = 20;
const pathMaxCharacters = 120;

const issue = (path: string, message: string): Issue => ({
  path: path.slice(0, pathMaxCharacters).toWellFormed(),
  message,
});

const refuse = (path: string, message: string): { kind: "invalid_request"; issues: Issue[] } => ({
  kind: "invalid_request",
  issues: [issue(path, message)],
});

/** Zod's issues as the wire has them: the first of each field, its path dotted; `whole` names what has no field of its own. */
function issuesOf(error: z.ZodError, whole: "query" | "body"): Issue[] {
  const issues = new Map<string, Issue>();
  const add = (path: readonly string[], message: string) => {
    const found = issue(path.join(".") || whole, message);
    if (!issues.has(found.path)) issues.set(found.path, found);
  };
  for (const found of error.issues) {
    const path = found.path.map(String);
    if (found.code === "unrecognized_keys") for (const key of found.keys) add([...path, key], "is not known here");
    else add(path, isMissing(found) ? "is required" : found.message);
  }
  return [...issues.values()].slice(0, issuesMax);
}

const isMissing = (found: z.core.$ZodIssue) => found.code === "invalid_type" && found.input === undefined;

/** The pairs of a query string. A name that comes twice, or is not properly encoded, is refused by name. */
function parseQueryString(query: string): { pairs: Record<string, string> } | { issue: Issue } {
  if (query === "") return { pairs: {} };
  const pairs = new Map<string, string>();
  for (const part of query.split("&")) {
    if (part === "") continue;
    const [rawName = "", ...rest] = part.replaceAll("+", " ").split("=");
    const name = decode(rawName);
    const value = decode(rest.join("="));
    if (name === undefined || value === undefined)
      return { issue: issue((name ?? rawName) || "query", "is not properly percent-encoded") };
    if (pairs.has(name)) return { issue: issue(name || "query", "is given more than once") };
    pairs.set(name, value);
  }
  return { pairs: Object.fromEntries(pairs) };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The path of the first place that lies too deep, so that no later step recurses without end. */
function tooDeep(value: unknown): string | undefined {
  const open: { value: unknown; path: string; depth: number }[] = [{ value, path: "", depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.value === null || typeof next.value !== "object") continue;
    if (next.depth >= limits.requestJsonMaxDepth) return next.path;
    for (const [key, entry] of Object.entries(next.value))
      if (entry !== null && typeof entry === "object")
        open.push({ value: entry, path: next.path === "" ? key : `${next.path}.${key}`, depth: next.depth + 1 });
  }
  return undefined;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function parseBody(request: HttpRequest): Parsed {
  const { body } = request;
  if (body === undefined || body.length === 0) return refuse("body", "is required");
  if (body.length > limits.requestBodyMaxBytes) return { kind: "payload_too_large" };
  const type = headerOf(request, "content-type")?.split(";")[0]?.trim().toLowerCase();
  const encoding = headerOf(request, "content-encoding") ?? "identity";
  if (type !== "application/json" || encoding !== "identity") return { kind: "unsupported_media_type" };
  try {
    const value: unknown = JSON.parse(decoder.decode(body));
    const path = tooDeep(value);
    if (path !== undefined) return refuse(path, "is nested too deeply");
    return { kind: "parsed", query: undefined, body: value };
  } catch {
    return refuse("body", "is not JSON in UTF-8");
  }
}

/** The protocol that a client states must be one that this server serves (HT7). */
function protocolIssue(request: HttpRequest): Issue | undefined {
  const path = "x-protocol-version";
  const stated = headerOf(request, path);
  if (stated === undefined) return undefined;
  const version = /^[1-9][0-9]{0,5}$/.test(stated) ? Number(stated) : 0;
  if (version >= oldestServedProtocolVersion && version <= PROTOCOL_VERSION) return undefined;
  const served = [...new Set([oldestServedProtocolVersion, PROTOCOL_VERSION])].join(" and ");
  return { path, message: `this server serves protocol version ${served}` };
}

/** Parses headers, query and body by the operation's schemas, once. Body and query that are both wrong are named together. */
export function parseRequest(
  request: HttpRequest,
  { query: querySchema = noQuery, body: bodySchema }: Parsing,
): Parsed {
  const protocol = protocolIssue(request);
  if (protocol !== undefined) return { kind: "invalid_request", issues: [protocol] };
  const written = parseQueryString(request.query);
  if ("issue" in written) return { kind: "invalid_request", issues: [written.issue] };
  const query = querySchema.safeParse(written.pairs, { reportInput: true });
  const issues = query.success ? [] : issuesOf(query.error, "query");
  if (bodySchema === undefined) {
    if (request.method !== "GET" && request.body !== undefined && request.body.length > 0)
      issues.push({ path: "body", message: "this operation takes no body" });
    return issues.length > 0
      ? { kind: "invalid_request", issues }
      : { kind: "parsed", query: query.data, body: undefined };
  }
  const raw = parseBody(request);
  if (raw.kind !== "parsed")
    return raw.kind === "invalid_request" ? { ...raw, issues: [...issues, ...raw.issues] } : raw;
  const body = bodySchema.safeParse(raw.body, { reportInput: true });
  if (!body.success) issues.push(...issuesOf(body.error, "body"));
  if (issues.length > 0) return { kind: "invalid_request", issues: issues.slice(0, issuesMax) };
  return { kind: "parsed", query: query.data, body: body.data };
}

/** Why a request cannot be understood, as a failure. */
export const unparsed = (parsed: Exclude<Parsed, { kind: "parsed" }>): Failure =>
  parsed.kind === "invalid_request" ? { code: parsed.kind, issues: parsed.issues } : { code: parsed.kind };
