import { type ErrorCode, errorStatus, failureSchema } from "./errors.ts";
import { type Json, jsonSchema } from "./json-schema.ts";
import { idSchema } from "./primitives.ts";
import { type Route, routes } from "./routes.ts";
import { PROTOCOL_VERSION } from "./version.ts";

/** Failures that any operation can answer, whatever its own list says. */
const commonErrors: readonly ErrorCode[] = [
  "invalid_request",
  "unauthenticated",
  "forbidden",
  "rate_limited",
  "internal",
  "unavailable",
];
const bodyErrors: readonly ErrorCode[] = ["payload_too_large", "unsupported_media_type"];

const input = { io: "input", target: "draft-2020-12" } as const;
const output = { io: "output", target: "draft-2020-12" } as const;

const header = (name: string, description: string) => ({
  name,
  in: "header",
  required: false,
  description,
  schema: { type: "string" },
});

function parametersOf(route: Route, components: Json): Json[] {
  const query = jsonSchema(route.query, input, components) as { properties?: Json; required?: string[] };
  return [
    ...(route.path.includes("{id}")
      ? [{ name: "id", in: "path", required: true, schema: jsonSchema(idSchema, input, components) }]
      : []),
    ...Object.entries(query.properties ?? {}).map(([name, schema]) => ({
      name,
      in: "query",
      required: query.required?.includes(name) ?? false,
      schema,
    })),
    header("x-correlation-id", "names this request in the answer and in the logs"),
    header("x-protocol-version", "the protocol that the client speaks; absent means the newest"),
  ];
}

function responsesOf(id: string, route: Route, components: Json): Json {
  const data = jsonSchema(route.response, output, components);
  const success =
    id === "getOpenApi"
      ? data
      : { type: "object", properties: { ok: { const: true }, data }, required: ["ok", "data"] };
  const responses: Json = {
    [route.status]: { description: route.summary, content: { "application/json": { schema: success } } },
  };
  const codes = [
    ...commonErrors,
    ...(route.body ? bodyErrors : []),
    ...(route.path.includes("{id}") ? (["not_found"] as const) : []),
    ...route.errors,
  ];
  for (const status of new Set(codes.map((code) => errorStatus[code])))
    responses[status] = {
      description: [...new Set(codes.filter((code) => errorStatus[code] === status))].join(", "),
      content: { "application/json": { schema: { $ref: "#/components/schemas/Failure" } } },
    };
  return responses;
}

/**
 * The contract as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0), made from {@link routes}.
 * `release` is the version of the server that serves it.
 */
export function openApiDocument(release: string): Json & { openapi: string } {
  const components: Json = {};
  components.Failure = jsonSchema(failureSchema, output, components);
  const paths: Record<string, Json> = {};
  for (const [id, route] of Object.entries<Route>(routes)) {
    const operation: Json = {
      operationId: id,
      summary: route.summary,
      "x-roles": route.roles,
      parameters: parametersOf(route, components),
      responses: responsesOf(id, route, components),
    };
    if (route.body)
      operation.requestBody = {
        required: true,
        content: { "application/json": { schema: jsonSchema(route.body, input, components) } },
      };
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Status board",
      version: release,
      description: `Protocol version ${PROTOCOL_VERSION}. Every answer but this document comes as { ok: true, data } or { ok: false, error }.`,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths,
    components: { schemas: components },
  };
}
