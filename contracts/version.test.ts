import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { failureSchema } from "./errors.ts";
import { clientMessageSchema, serverMessageSchema } from "./live.ts";
import * as viewers from "./public.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";
import { oldestServedProtocolVersion, PROTOCOL_VERSION, protocolHistory } from "./version.ts";

/** Words that explain a schema and change nothing of what it takes. */
const explaining: ReadonlySet<string> = new Set(["$schema", "title", "description"]);

/** The same value with its keys in one order, and without words that only explain. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      // A property that is called `description` is a schema, not a text.
      .filter(([key, entry]) => !(explaining.has(key) && typeof entry === "string"))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, key === "required" && Array.isArray(entry) ? entry.toSorted() : canonical(entry)]),
  );
}

/** A schema as what may come in and what goes out. */
const bothWays = (schema: z.ZodType | null) =>
  schema &&
  (["input", "output"] as const).map((io) => canonical(z.toJSONSchema(schema, { io, unrepresentable: "any" })));

function fingerprint(): string {
  const operations = Object.values<Route>(routes)
    .map(({ method, path, status, query, body, response }) => {
      return { operation: `${method} ${path} ${status}`, schemas: [query, body, response].map(bothWays) };
    })
    .toSorted((a, b) => (a.operation < b.operation ? -1 : 1));
  const shared = [failureSchema, clientMessageSchema, serverMessageSchema];
  const forViewers = Object.values(viewers);
  const wire = { operations, shared: shared.map(bothWays), forViewers: forViewers.map(bothWays) };
  return createHash("sha256").update(JSON.stringify(wire)).digest("hex");
}

describe("the protocol's version", () => {
  it("[HT7] has risen if anything on the wire has changed", () => {
    const actual = fingerprint();
    const newest = protocolHistory.at(-1);
    expect(
      newest?.fingerprint,
      `The wire differs from protocol version ${PROTOCOL_VERSION}. If that version was ever released, raise ` +
        "PROTOCOL_VERSION in contracts/version.ts and add an entry to protocolHistory that says what has changed; " +
        `else correct its entry. The fingerprint of the wire as it stands is ${actual}`,
    ).toBe(actual);
  });

  it("[HT7] is the newest of a history without gaps", () => {
    expect(protocolHistory.map(({ version }) => version)).toEqual(
      Array.from({ length: PROTOCOL_VERSION }, (_, index) => index + 1),
    );
    for (const { release, changes, fingerprint: recorded } of protocolHistory) {
      expect(release).toMatch(/^\d+\.\d+\.\d+$/);
      expect(changes).not.toBe("");
      expect(recorded).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it("[HT7] is served one version back, and not before the first", () => {
    expect(oldestServedProtocolVersion).toBe(Math.max(1, PROTOCOL_VERSION - 1));
  });
});
