import { bareRoutes, machinePrefix } from "./endpoints.ts";
import { type ErrorCode, errorStatus } from "./error-codes.ts";
import { failureSchema } from "./errors.ts";
import { type Json, jsonSchema } from "./json-schema.ts";
import { limits } from "./limits.ts";
import { idSchema } from "./primitives.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";
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
  const staff = jsonSchema(route.response, output, components);
  const viewer = route.viewerResponse && jsonSchema(route.viewerResponse, output, components);
  const data = viewer ? { anyOf: [staff, viewer] } : staff;
  const success = bareRoutes.has(id)
    ? data
    : { type: "object", properties: { ok: { const: true }, data }, required: ["ok", "data"] };
  const content = { "application/json": { schema: success } };
  const responses: Json = {
    [route.status]: { description: route.summary, content },
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

/** The chapters of the document, by the paths that belong to each; the last takes what is left. */
const tags = [
  { name: "Board", prefixes: ["/api/admin/appointments/board", "/api/admin/dashboard", "/api/admin/live"] },
  { name: "Appointments", prefixes: ["/api/admin/appointments"] },
  { name: "Services", prefixes: ["/api/admin/services"] },
  { name: "Shop", prefixes: ["/api/admin/shop"] },
  { name: "Devices", prefixes: ["/api/admin/devices"] },
  { name: "Signing in", prefixes: ["/auth/"] },
  { name: "Server", prefixes: ["/"] },
] as const;

const tagOf = (path: string) =>
  tags.find(({ prefixes }) => prefixes.some((prefix) => path.startsWith(prefix)))?.name ?? "Server";

/** What holds for every operation, in Markdown. */
const introduction =
  () => `A workshop's board of appointment cards: reading it, changing it, and what it needs. What changes meanwhile comes over a socket, which has a contract of its own. Protocol version ${PROTOCOL_VERSION}.

## Answers

A success is \`{ "ok": true, "data": … }\`, a failure \`{ "ok": false, "error": { "code", "message", "correlationId", … } }\`; only the contracts themselves come bare. An error's code says what to do next:

| Code | Status |
|---|---|
${Object.entries(errorStatus)
  .map(([code, status]) => `| \`${code}\` | ${status} |`)
  .join("\n")}

## Writing

Every card, service and shop has a \`version\`. A write names the one that it saw, as \`expectedVersion\`; if somebody was faster, it changes nothing and answers \`version_conflict\` with \`current\`. A write that carries a \`mutationId\` may be sent again, and has its effect once.

Times are ISO 8601 in UTC with milliseconds, money is whole cents, ids are ULIDs. A body takes ${limits.requestBodyMaxBytes / 1_024} KB at most.

## Machines

On AWS each operation that needs somebody to be signed in also stands under \`${machinePrefix}\`, at the API's own address, for programs without a browser. There a request is signed with AWS Signature Version 4 (service \`execute-api\`), and the deployment says which IAM role or user has which role here.
`;

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
      tags: [tagOf(route.path)],
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
  const used = new Set(Object.values<Route>(routes).map(({ path }) => tagOf(path)));
  return {
    openapi: "3.1.0",
    info: {
      title: "Status board",
      version: release,
      description: introduction(),
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: tags.filter(({ name }) => used.has(name)).map(({ name }) => ({ name })),
    paths,
    components: { schemas: components },
  };
}
