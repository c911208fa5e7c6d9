import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { type ErrorCode, errorStatus } from "./error-codes.ts";
import { openApiDocument } from "./openapi.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";
import { bodies, card } from "./testing/samples.ts";

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** The document as a client gets it: as JSON. */
const document: unknown = JSON.parse(JSON.stringify(openApiDocument("1.2.3")));

/** What stands at a place of the document, which must be there. */
function at(...path: string[]): unknown {
  let value: unknown = document;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) throw new Error(`nothing stands at ${path.join(" > ")}`);
    value = value[key];
  }
  return value;
}

function objectAt(...path: string[]): Json {
  const value = at(...path);
  if (!isObject(value)) throw new Error(`no object stands at ${path.join(" > ")}`);
  return value;
}

/** Every object in the document, with its key. */
function* objects(value: unknown, key = ""): Generator<{ key: string; value: Json }> {
  if (!isObject(value)) return;
  if (!Array.isArray(value)) yield { key, value };
  for (const [name, entry] of Object.entries(value)) yield* objects(entry, Array.isArray(value) ? key : name);
}

const operations = Object.entries<Route>(routes);
const placeOf = ({ path, method }: Route) => ["paths", path, method.toLowerCase()] as const;
const pointerTo = (...path: string[]) =>
  `document#/${path.map((key) => key.replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`;

const ajv = addFormats.default(new Ajv2020.default({ strict: false, allErrors: true }));
ajv.addSchema({ $id: "document", ...(isObject(document) ? document : {}) });

/** Whether a value is what the schema at that place of the document describes. */
function fits(value: unknown, ...path: string[]): boolean {
  at(...path);
  return ajv.validate({ $ref: pointerTo(...path) }, value) === true;
}

const jsonContent = ["content", "application/json", "schema"] as const;

describe("the OpenAPI document", () => {
  it("[HT7] says what it is, and of which release", () => {
    expect(at("openapi")).toMatch(/^3\.1\.\d+$/);
    expect(objectAt("info")).toMatchObject({ title: expect.any(String), version: "1.2.3" });
    expect(objectAt("info", "license")).toEqual({ name: "MIT", identifier: "MIT" });
  });

  it("[AU1] describes every operation once, with its roles", () => {
    for (const [id, route] of operations)
      expect(objectAt(...placeOf(route))).toMatchObject({ operationId: id, "x-roles": route.roles });
    const described = Object.values(objectAt("paths")).flatMap((item) => Object.keys(isObject(item) ? item : {}));
    expect(described).toHaveLength(operations.length);
  });

  it("[HT2] declares the id of a path that has one, and no other path parameter", () => {
    for (const [id, route] of operations) {
      const parameters = at(...placeOf(route), "parameters");
      const inPath = Array.isArray(parameters) ? parameters.filter((parameter) => parameter.in === "path") : [];
      const expected = route.path.includes("{id}") ? [{ name: "id", required: true }] : [];
      expect([id, inPath]).toMatchObject([id, expected]);
    }
  });

  it("[HT3] describes every query parameter: whether it must be there, what it takes and what it refuses", () => {
    const expected: [keyof typeof routes, string, boolean, unknown, unknown][] = [
      ["getBoard", "date", true, "2031-03-03", "monday"],
      ["getBoard", "technicianId", false, card.id, "tom"],
      ["removeAppointment", "expectedVersion", true, 1, "one"],
      ["removeAppointment", "mutationId", false, "m1", "undo:m1"],
      ["listServices", "search", false, "oil", "x".repeat(101)],
      ["listServices", "active", false, true, "yes"],
      ["listServices", "limit", false, 200, 201],
      ["listServices", "cursor", false, "OIL001", "a b"],
    ];
    for (const [id, name, required, taken, refused] of expected) {
      const place = [...placeOf(routes[id]), "parameters"];
      const parameters = at(...place);
      const list: Json[] = Array.isArray(parameters) ? parameters : [];
      const index = list.findIndex((parameter) => parameter.in === "query" && parameter.name === name);
      expect([name, list[index]?.required]).toEqual([name, required]);
      const schema = [...place, String(index), "schema"];
      expect([name, fits(taken, ...schema), fits(refused, ...schema)]).toEqual([name, true, false]);
    }
  });

  it("[HT2] lists every failure that an operation names, under its status", () => {
    for (const [id, route] of operations) {
      const codes: readonly ErrorCode[] = [...route.errors, "invalid_request", "internal", "unavailable"];
      for (const code of codes) {
        const description = at(...placeOf(route), "responses", String(errorStatus[code]), "description");
        expect([id, String(description).split(", ").includes(code)]).toEqual([id, true]);
      }
    }
  });

  it("[HT1] refers only to what is there, and leaves no stray definitions", () => {
    for (const { value } of objects(document)) {
      expect(value).not.toHaveProperty("$defs");
      expect(value).not.toHaveProperty("$schema");
      expect(value).not.toHaveProperty("queryType");
      if (typeof value.$ref !== "string") continue;
      expect(value.$ref).toMatch(/^#\/components\/schemas\/[A-Za-z]+$/);
      expect(() => at(...String(value.$ref).slice(2).split("/"))).not.toThrow();
    }
  });

  it("[HT1] has schemas that a JSON Schema 2020-12 validator can compile, every one of them", () => {
    for (const name of Object.keys(objectAt("components", "schemas")))
      expect(() => ajv.compile({ $ref: pointerTo("components", "schemas", name) })).not.toThrow();
    for (const [, route] of operations) {
      const success = [...placeOf(route), "responses", String(route.status), ...jsonContent];
      at(...success);
      expect(() => ajv.compile({ $ref: pointerTo(...success) })).not.toThrow();
    }
  });

  for (const [id, sample] of Object.entries(bodies))
    it(`[HT3] takes and refuses the same bodies as the server: ${id}`, () => {
      const route = operations.find(([name]) => name === id)?.[1];
      if (route === undefined) throw new Error(`there is no operation ${id}`);
      const place = [...placeOf(route), "requestBody", ...jsonContent];
      expect(at(...placeOf(route), "requestBody", "required")).toBe(true);
      expect(fits(sample, ...place)).toBe(true);
      expect(fits({ ...sample, extra: 1 }, ...place)).toBe(false);
      expect(fits({}, ...place)).toBe(false);
      for (const key of Object.keys(sample))
        expect([key, fits({ ...sample, [key]: [[]] }, ...place)]).toEqual([key, false]);
    });

  it("[HT1] describes a success and a failure as they come, envelope included", () => {
    const answers = [...placeOf(routes.moveAppointment), "responses"];
    expect(fits({ ok: true, data: card }, ...answers, "200", ...jsonContent)).toBe(true);
    for (const other of [card, { ok: true }, { data: card }, { ok: false, data: card }])
      expect(fits(other, ...answers, "200", ...jsonContent)).toBe(false);
    const failure = (error: object) => ({ ok: false, error: { message: "No.", correlationId: "c1", ...error } });
    const conflict = [...answers, "409", ...jsonContent];
    expect(fits(failure({ code: "version_conflict", current: card }), ...conflict)).toBe(true);
    expect(fits(failure({ code: "version_conflict" }), ...conflict)).toBe(false);
    expect(fits(failure({ code: "teapot" }), ...conflict)).toBe(false);
  });

  it("[HT2] tells an id from what is none", () => {
    const parameters = at(...placeOf(routes.getAppointment), "parameters");
    expect(Array.isArray(parameters) && parameters[0]).toMatchObject({ name: "id", in: "path" });
    const place = [...placeOf(routes.getAppointment), "parameters", "0", "schema"];
    expect(fits(card.id, ...place)).toBe(true);
    expect(fits("not-an-id", ...place)).toBe(false);
  });
});
