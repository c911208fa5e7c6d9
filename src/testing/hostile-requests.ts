import { type Route, type RouteId, routes } from "@status-board/contracts";
import fc from "fast-check";
import * as z from "zod";
import type { HttpRequest } from "../http/message.ts";
import { day, eva, host, nextDay, origin, tom } from "./workshop.ts";

type Json = Record<string, unknown>;

/** How the requests of one run reach what is stored already. */
export interface Targets {
  cardIds: readonly string[];
  serviceIds: readonly string[];
}

const deep = (levels: number): unknown =>
  Array.from({ length: levels }).reduce((inner: unknown, _, level) => (level % 2 ? [inner] : { a: inner }), 1);

/** Values that nobody sends who means well. */
const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -0,
    -1,
    1.5,
    1e21,
    1e308,
    -1e308,
    2 ** 53,
    2 ** 31,
    [],
    {},
    [[]],
    [null],
  ),
  fc.constantFrom("", " ", "\u0000", "a\u0007b", "\n", "\ud800", "x\udfff", "\u2028", "__proto__", "constructor"),
  fc.constantFrom(
    "x".repeat(130),
    "x".repeat(5_000),
    "🚗".repeat(60),
    "'; DROP TABLE appointment; --",
    "../../etc",
    "undo:m",
  ),
  fc.constantFrom(
    "2031-02-30",
    "2031-03-03T25:00:00Z",
    "9999-12-31T23:59:59Z",
    "1970-01-01T00:00:00Z",
    "NaN",
    "Infinity",
  ),
  fc.constantFrom(deep(5), deep(40), deep(2_000), { toString: 1 }, { constructor: { prototype: {} } }, { length: 9 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.double(),
  fc.bigInt().map(Number),
  fc.jsonValue({ maxDepth: 3 }),
);

const plain = [
  ...[day, nextDay, `${day}T09:00:00Z`, `${day}T23:30:00-05:00`, `${nextDay}T10:00:00.000Z`, tom.id, eva.id],
  ...["OIL001", "tire001", "NEW-1", "m-1", "m-2", "Zoë Quandt", "First\nsecond", "zoe@example.test", "EUR", "de-DE"],
  ...["1", "2", "50", "true", "WVWZZZ1JZXW000001"],
];

/** Strings of which some, at least, are what the schema asks for. */
function text({ pattern, format, maxLength }: Json, { cardIds, serviceIds }: Targets): fc.Arbitrary<unknown> {
  const longest = typeof maxLength === "number" ? maxLength : 200;
  const known = [...plain, ...cardIds, ...serviceIds].filter(({ length }) => length <= longest);
  if (format === "email") return fc.constant("zoe@example.test");
  if (typeof pattern !== "string") return fc.constantFrom(...known);
  const expression = new RegExp(pattern);
  const fitting = known.filter((value) => expression.test(value));
  return fc.constantFrom(...(fitting.length > 0 ? fitting : known));
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Values that a JSON schema describes, more or less. */
function described(schema: unknown, targets: Targets): fc.Arbitrary<unknown> {
  if (!isObject(schema)) return nasty;
  if (Array.isArray(schema.anyOf)) return fc.oneof(...schema.anyOf.map((option) => described(option, targets)));
  if (Array.isArray(schema.enum)) return fc.constantFrom<unknown>(...schema.enum);
  switch (schema.type) {
    case "object":
      return objectOf(schema, targets);
    case "array":
      return fc.array(described(schema.items, targets), { maxLength: 3 });
    case "integer":
      return fc.oneof(fc.integer({ min: 1, max: 4 }), fc.nat(3_000));
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return text(schema, targets);
  }
}

function objectOf(schema: Json, targets: Targets): fc.Arbitrary<Json> {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const model = Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, described(inner, targets)]));
  return fc.record(model, { requiredKeys: required.filter((key) => key in model) });
}

/** The schema itself: zod puts one that has a name of its own among the definitions. */
function jsonSchemaOf(schema: z.ZodType): unknown {
  const { $defs = {}, ...root } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return Object.values($defs)[0] ?? root;
}

const strangeKey = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "",
    "a.b",
    "id",
    "version",
    "\ud800",
    "x".repeat(300),
  ),
  fc.string({ unit: "binary", maxLength: 8 }),
);

/** Adds, replaces or drops one field, or leaves all as it is. */
function spoiled(body: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const kinds = fc.constantFrom("as it is", "as it is", "as it is", "add", "replace", "drop", "instead", "wrap");
  return fc.tuple(body, kinds, strangeKey, nasty, fc.nat()).map(([value, kind, key, bad, pick]) => {
    if (kind === "instead") return bad;
    if (kind === "wrap") return [value];
    if (kind === "as it is" || !isObject(value)) return value;
    const keys = Object.keys(value);
    const chosen = keys[pick % Math.max(1, keys.length)] ?? key;
    const entries = Object.entries(value).filter(([name]) => kind !== "drop" || name !== chosen);
    if (kind === "add") entries.push([key, bad]);
    // fromEntries makes even __proto__ a field of its own.
    return Object.fromEntries(entries.map(([name, old]) => [name, kind === "replace" && name === chosen ? bad : old]));
  });
}

const rawBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc
    .constantFrom(
      "{",
      "}",
      "[1,",
      '{"a":1e999}',
      '{"a":1,"a":2}',
      "\ufeff{}",
      '{"a":"\u0001"}',
      "nul",
      "[".repeat(50_000),
    )
    .map((raw) => Buffer.from(raw)),
  fc.constantFrom(66_000, 2_000_000).map((bytes) => Buffer.alloc(bytes, "7")),
);

function bodyOf({ body }: Route, targets: Targets): fc.Arbitrary<Uint8Array | undefined> {
  const written = body === null ? nasty : spoiled(described(jsonSchemaOf(body), targets));
  const bytes = written.map((value) => Buffer.from(JSON.stringify(value) ?? ""));
  const none = fc.constant(undefined);
  return fc.oneof(
    { arbitrary: bytes, weight: body === null ? 1 : 16 },
    { arbitrary: rawBytes, weight: 1 },
    { arbitrary: none, weight: body === null ? 16 : 1 },
  );
}

const escaped = (value: unknown) => encodeURIComponent(String(value).toWellFormed());

function queryOf({ query }: Route, targets: Targets): fc.Arbitrary<string> {
  const good = described(jsonSchemaOf(query), targets).map((value) =>
    Object.entries(isObject(value) ? value : {}).map(([name, entry]) => `${escaped(name)}=${escaped(entry)}`),
  );
  const bad = fc.oneof(
    fc.tuple(strangeKey, fc.string({ unit: "binary" })).map(([name, value]) => `${escaped(name)}=${escaped(value)}`),
    fc.constantFrom(
      "%",
      "%ff=1",
      "=",
      "&&",
      "date=%00",
      "date",
      `date=${day}`,
      "expectedVersion=1e9",
      "limit=-1",
      "a[]=1",
    ),
    fc.constantFrom(
      "x".repeat(4_000),
      "search=%ED%A0%80",
      "__proto__[a]=1",
      "expectedVersion=99999999999999999999",
      "+=+",
    ),
  );
  return fc
    .tuple(
      good,
      fc.oneof({ arbitrary: fc.constant([]), weight: 3 }, { arbitrary: fc.array(bad, { maxLength: 3 }), weight: 2 }),
    )
    .map(([pairs, extra]) => [...pairs, ...extra].join("&"));
}

function pathOf({ path }: Route, { cardIds, serviceIds }: Targets): fc.Arbitrary<string> {
  const wrong = fc.constantFrom(
    "0",
    "__proto__",
    "%00",
    "..",
    "%2e%2e",
    "a b",
    "é",
    "null",
    "0".repeat(4_000),
    "7".repeat(26),
    "",
  );
  const ids = path.includes("/services/") ? serviceIds : cardIds;
  const id = fc.oneof({ arbitrary: fc.constantFrom(...ids), weight: 6 }, { arbitrary: wrong, weight: 1 });
  const ends = fc.oneof(
    { arbitrary: fc.constant(""), weight: 20 },
    { arbitrary: fc.constantFrom("/", "//", "/x", "%"), weight: 1 },
  );
  return fc.tuple(id, ends).map(([chosen, end]) => path.replace("{id}", chosen) + end);
}

const header = <T>(usual: T, ...strange: T[]): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: 30 }, { arbitrary: fc.constantFrom(...strange), weight: 1 });

const headers: fc.Arbitrary<HttpRequest["headers"]> = fc.record({
  host: header<string | undefined>(host, "evil.test", "", undefined, `${host}@evil.test`, "[::", "x".repeat(3_000)),
  origin: header<string | undefined>(undefined, origin, "null", "https://evil.test", `${origin}.evil.test`, ""),
  cookie: header<string | undefined>(undefined, "session=1", "a=\u0001"),
  "content-type": header<string | string[] | undefined>(
    "application/json",
    ...[
      "text/plain",
      ";;;",
      "",
      "application/json;charset=utf-16",
      "/",
      "application/",
      undefined,
      ["application/json", "a/b"],
    ],
  ),
  "content-encoding": header<string | undefined>(undefined, "gzip", "identity", "br, gzip", ""),
  "x-correlation-id": header<string | undefined>(undefined, "fine-one-1", "a\nb", "x".repeat(900), "ü", ""),
  "x-protocol-version": header<string | undefined>(undefined, "1", "0", "2", "1e0", "__proto__", ""),
});

/** Requests to every operation of the contract: some nearly right, most wrong in one way or several. */
export function hostileRequests(targets: Targets): fc.Arbitrary<HttpRequest> {
  const routeIds = Object.keys(routes) as RouteId[];
  return fc.constantFrom(...routeIds).chain((routeId) => {
    const route: Route = routes[routeId];
    const method = header<string>(route.method, "PUT", "OPTIONS", "HEAD", "TRACE", "GET", "POST", "DELETE", "PATCH");
    return fc.record({
      method,
      path: pathOf(route, targets),
      query: queryOf(route, targets),
      headers,
      body: bodyOf(route, targets),
    });
  });
}
