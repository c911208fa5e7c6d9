import { idSchema } from "@status-board/contracts";
import fc from "fast-check";
import * as z from "zod";
import type { HttpRequest } from "../../src/http/message.ts";
import { day, eva, nextDay, tom } from "../../src/testing/workshop.ts";

type Json = Record<string, unknown>;

const parameterSchema = z.object({
  name: z.string(),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean(),
  schema: z.record(z.string(), z.unknown()),
});
type Parameter = z.infer<typeof parameterSchema>;
const json = z.record(z.string(), z.unknown());
const content = z.object({ "application/json": z.object({ schema: json }) });

const operationSchema = z.object({
  operationId: z.string(),
  parameters: z.array(parameterSchema),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ content })),
});

/** What the fuzzer reads of an OpenAPI document, and nothing that is not in one. */
export const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), json) }),
});
export type OpenApi = z.infer<typeof documentSchema>;

/** One operation, with its place. */
export interface Operation extends z.infer<typeof operationSchema> {
  path: string;
  method: string;
}

export const operationsOf = ({ paths }: OpenApi): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
  );

/** A request as it was put together, so that it can be held against the document. */
export interface DescribedRequest {
  operation: Operation;
  /** By place and name, as text. */
  parameters: { parameter: Parameter; text: string }[];
  body: unknown;
  request: HttpRequest;
}

const idPattern = z.string().parse(z.toJSONSchema(idSchema).pattern);

/** Texts that mean something to the server that is asked. */
const known = [day, nextDay, `${day}T09:00:00Z`, `${day}T11:30:00.000Z`, tom.id, eva.id, "OIL001", "TIRE001", "EUR"];

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Values that the schemas of a document describe, as far as they say it. */
export function describedBy({ components }: OpenApi, ids: readonly string[]) {
  function described(schema: unknown): fc.Arbitrary<unknown> {
    if (!isObject(schema)) return fc.jsonValue({ maxDepth: 1 });
    if (typeof schema.$ref === "string") return described(components.schemas[schema.$ref.split("/").at(-1) ?? ""]);
    const options = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(options)) return fc.oneof(...options.map(described));
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (Array.isArray(schema.enum)) return fc.constantFrom<unknown>(...schema.enum);
    if (schema.type === "object") return objectOf(schema);
    if (schema.type === "array") return fc.array(described(schema.items), { maxLength: 2 });
    if (schema.type === "integer" || schema.type === "number") return integerOf(schema);
    if (schema.type === "boolean") return fc.boolean();
    if (schema.type === "null") return fc.constant(null);
    return textOf(schema);
  }

  /** What may be left out mostly is: fields together have rules that no schema tells. */
  function objectOf({ properties, required }: Json): fc.Arbitrary<Json> {
    const requiredKeys = new Set(Array.isArray(required) ? required.map(String) : []);
    const absent = { arbitrary: fc.constant(undefined), weight: 3 };
    const model = Object.entries(isObject(properties) ? properties : {}).map(
      ([key, inner]): [string, fc.Arbitrary<unknown>] => [
        key,
        requiredKeys.has(key) ? described(inner) : fc.oneof(absent, described(inner)),
      ],
    );
    const whole = fc.record(Object.fromEntries(model));
    return whole.map((value) => Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)));
  }

  function textOf({ pattern, format, minLength = 0, maxLength = 40 }: Json): fc.Arbitrary<string> {
    if (format === "email") return fc.constantFrom("zoe@example.test", "a.b@example.test");
    if (format === "date") return fc.constantFrom(day, nextDay);
    if (format === "date-time")
      return fc.constantFrom(`${day}T09:00:00Z`, `${day}T10:00:00.000Z`, `${nextDay}T08:00:00Z`);
    if (pattern === idPattern)
      return fc.oneof({ arbitrary: fc.constantFrom(...ids), weight: 9 }, fc.stringMatching(new RegExp(idPattern)));
    if (typeof pattern === "string") {
      const expression = new RegExp(pattern);
      const fitting = [...known, ...ids].filter((value) => expression.test(value));
      const made = pattern.includes("(?!") ? [] : [fc.stringMatching(expression)];
      return fc.oneof(
        ...(fitting.length > 0 ? [fc.constantFrom(...fitting)] : []),
        ...made,
        ...(made.length + fitting.length === 0 ? [fc.constant("m-1")] : []),
      );
    }
    return fc.string({ minLength: Number(minLength), maxLength: Math.min(Number(maxLength), 40), unit: "grapheme" });
  }

  return described;
}

function integerOf({ minimum, maximum }: Json): fc.Arbitrary<number> {
  const min = typeof minimum === "number" ? minimum : -10;
  const max = typeof maximum === "number" ? maximum : 1_000;
  return fc.oneof({ arbitrary: fc.integer({ min, max: Math.min(max, min + 2) }), weight: 4 }, fc.integer({ min, max }));
}

/** What becomes of a value that the document describes: left alone more often than not. */
const spoilings = ["none", "none", "none", "drop", "replace", "add"] as const;

function spoiled(body: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const parts = fc.tuple(body, fc.constantFrom(...spoilings), fc.nat(), fc.jsonValue({ maxDepth: 1 }));
  return parts.map(([value, kind, pick, other]) => {
    if (kind === "none" || !isObject(value)) return value;
    const keys = Object.keys(value);
    const chosen = keys[pick % Math.max(1, keys.length)] ?? "extra";
    if (kind === "add") return { ...value, extra: other };
    const entries = Object.entries(value).filter(([key]) => kind !== "drop" || key !== chosen);
    return Object.fromEntries(entries.map(([key, old]) => [key, kind === "replace" && key === chosen ? other : old]));
  });
}

/** Requests to every operation of a document: most as it describes them, some with one thing wrong. */
export function describedRequests(
  document: OpenApi,
  idsAt: (path: string) => readonly string[],
): fc.Arbitrary<DescribedRequest> {
  return fc.oneof(...operationsOf(document).map((operation) => requestsTo(operation, document, idsAt(operation.path))));
}

function requestsTo(operation: Operation, document: OpenApi, ids: readonly string[]): fc.Arbitrary<DescribedRequest> {
  const described = describedBy(document, ids);
  const textFor = ({ schema, in: place }: Parameter) => {
    const fitting = described(schema).map(String);
    const other = fc.constantFrom("0", "x", "-1", "true", "é");
    return place === "header"
      ? fc.constantFrom("fine-1")
      : fc.oneof({ arbitrary: fitting, weight: 8 }, { arbitrary: other, weight: 1 });
  };
  const wanted = operation.parameters.filter(({ name }) => name !== "x-protocol-version");
  const texts = fc.tuple(
    ...wanted.map((parameter) =>
      parameter.in === "path"
        ? textFor(parameter)
        : fc.option(textFor(parameter), { nil: undefined, freq: parameter.required ? 12 : 1 }),
    ),
  );
  const schema = operation.requestBody?.content["application/json"].schema;
  const body = schema === undefined ? fc.constant(undefined) : spoiled(described(schema));
  return fc.tuple(texts, body).map(([values, given]) => {
    const parameters = wanted.flatMap((parameter, index) => {
      const text = values[index];
      return text === undefined ? [] : [{ parameter, text }];
    });
    return { operation, parameters, body: given, request: requestOf(operation, parameters, given) };
  });
}

function requestOf(operation: Operation, parameters: DescribedRequest["parameters"], body: unknown): HttpRequest {
  const of = (place: Parameter["in"]) =>
    parameters.filter(({ parameter }) => parameter.in === place).map(({ parameter, text }) => [parameter.name, text]);
  const path = of("path").reduce(
    (so, [name, text = ""]) => so.replace(`{${name}}`, encodeURIComponent(text)),
    operation.path,
  );
  return {
    method: operation.method,
    path,
    query: new URLSearchParams(Object.fromEntries(of("query"))).toString(),
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...Object.fromEntries(of("header")) },
    body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
  };
}
