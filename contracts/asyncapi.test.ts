import asyncApiSpecs from "@asyncapi/specs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { asyncApiDocument } from "./asyncapi.ts";
import { closeCodes } from "./asyncapi-words.ts";
import { limits } from "./limits.ts";
import { byeCodes, clientMessageSchema, closeCodeOf, serverMessageSchema } from "./live.ts";
import { publicDiffSchema, publicSubscribedSchema } from "./public.ts";

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** The document as a client gets it: as JSON. */
const document: unknown = JSON.parse(JSON.stringify(asyncApiDocument("1.2.3")));

/** What stands at a JSON pointer of the document; undefined when nothing does. */
const at = (pointer: string): unknown =>
  pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), document);

function objectAt(pointer: string): Json {
  const value = at(pointer);
  if (!isObject(value)) throw new Error(`no object stands at ${pointer}`);
  return value;
}

/** Every reference in the document. */
function* references(value: unknown): Generator<string> {
  if (!isObject(value)) return;
  if (typeof value.$ref === "string") yield value.$ref;
  for (const entry of Object.values(value)) yield* references(entry);
}

const draft7 = () => addFormats.default(new Ajv({ strict: false, allErrors: true }));

/** A validator for what the document says of a message's payload. */
const payloads = draft7().addSchema(objectAt(""), "document");
const fits = (payload: unknown, message: string) =>
  payloads.validate({ $ref: `document#/components/messages/${message}/payload` }, payload) === true;

const exampleOf = (message: string): unknown => at(`/components/messages/${message}/examples/0/payload`);

const actions = clientMessageSchema.options.map((schema) => schema.shape.action.value);
const types = serverMessageSchema.options.map((schema) => schema.shape.type.value);
const publicSchemas = { publicDiff: publicDiffSchema, publicSubscribed: publicSubscribedSchema };
const publicNames = Object.keys(publicSchemas);
const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

describe("the AsyncAPI document", () => {
  it("[HT7] is AsyncAPI 3.0 by the standard's own schema, and names the release", () => {
    const standard: unknown = asyncApiSpecs.schemasWithoutId["3.0.0"];
    if (!isObject(standard)) throw new Error("the standard's schema is not where it was");
    const validator = draft7();
    const valid = validator.validate(standard, document);
    expect(validator.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(validator.validate(standard, { ...objectAt(""), channels: { board: { messages: 1 } } })).toBe(false);
    expect(objectAt("/info")).toMatchObject({ version: "1.2.3" });
  });

  it("[HT7] refers to nothing that it does not hold", () => {
    const found = [...references(document)];
    expect(found.length).toBeGreaterThan(30);
    for (const reference of found) {
      expect(reference).toMatch(/^#\//);
      expect(at(reference.slice(1)), reference).toBeDefined();
    }
  });

  it("[WS4] has one operation for each message of both unions, and no other", () => {
    const expected = [
      ...actions.map((action) => [`receive${capitalized(action)}`, "receive"]),
      ...types.map((type) => [`send${capitalized(type)}`, "send"]),
    ];
    const operations = Object.entries(objectAt("/operations"));
    expect(operations.map(([id, operation]) => [id, isObject(operation) && operation.action]).toSorted()).toEqual(
      expected.toSorted(),
    );
    expect(Object.keys(objectAt("/channels/board/messages")).toSorted()).toEqual(
      [...actions, ...types, ...publicNames].toSorted(),
    );
  });

  it("[WS5] answers subscribe with subscribed, also in a viewer's form", () => {
    const reply = [...references(at("/operations/receiveSubscribe/reply/messages"))];
    for (const name of ["subscribed", "publicSubscribed", "bye", "error"])
      expect(reply).toContain(`#/channels/board/messages/${name}`);
    expect([...references(at("/operations/receivePing/reply/messages"))]).toContain("#/channels/board/messages/pong");
    expect(at("/operations/receiveUnsubscribe/reply")).toBeUndefined();
  });

  it.each(actions)("[WS4] shows a %s that the server takes", (action) => {
    const example = exampleOf(action);
    expect(clientMessageSchema.parse(example)).toEqual(example);
    expect(fits(example, action)).toBe(true);
    expect(isObject(example) && fits({ ...example, surprise: 1 }, action)).toBe(false);
  });

  it.each(types)("[LV9] shows a %s that a client takes", (type) => {
    const example = exampleOf(type);
    expect(serverMessageSchema.parse(example)).toEqual(example);
    expect(fits(example, type)).toBe(true);
    expect(JSON.stringify(example).length).toBeLessThan(limits.serverMessageMaxBytes);
  });

  it.each(["publicDiff", "publicSubscribed"] as const)("[AU6] shows a %s without what a viewer may not see", (name) => {
    const example = exampleOf(name);
    expect(publicSchemas[name].parse(example)).toEqual(example);
    expect(fits(example, name)).toBe(true);
    const secret = /phone|email|cents|notes|vin"|updatedBy|createdAt/i;
    expect(JSON.stringify(example)).not.toMatch(secret);
    for (const schema of ["PublicAppointment", "PublicOp", "PublicDiff", "PublicSubscribed"])
      expect(JSON.stringify(at(`/components/schemas/${schema}`)), schema).not.toMatch(secret);
    const staff = name === "publicDiff" ? "diff" : "subscribed";
    expect(fits(exampleOf(staff), name)).toBe(false);
  });

  it("[WS1] asks for a ticket in the handshake's query", () => {
    expect(at("/channels/board/bindings/ws/query")).toMatchObject({
      required: ["ticket"],
      properties: { ticket: { type: "string" } },
    });
    expect(at("/components/securitySchemes/ticket")).toMatchObject({ type: "httpApiKey", in: "query", name: "ticket" });
    expect(at("/servers/socket/security")).toEqual([{ $ref: "#/components/securitySchemes/ticket" }]);
  });

  it("[WS6] tells the close code of every bye", () => {
    expect(at("/channels/board/x-close-codes")).toEqual(closeCodes);
    for (const code of byeCodes) expect(closeCodes[closeCodeOf(code)]).toContain(code);
    expect(Object.keys(closeCodes)).toEqual(["1001", "1008", "1009"]);
    const { description } = objectAt("/info");
    for (const code of byeCodes) expect(description).toContain(`\`${code}\``);
  });

  it("[LV6] tells the order of things, and what bounds it", () => {
    const { description } = objectAt("/info");
    const steps = [...String(description).matchAll(/^\d\. \*\*(\w+)\.\*\*/gm)].map(([, step]) => step);
    expect(steps).toEqual(["Ticket", "Connect", "Subscribe", "Resume", "Diffs", "Heartbeat", "Again"]);
    expect(at("/channels/board/x-limits")).toMatchObject({
      clientMessageMaxBytes: limits.clientMessageMaxBytes,
      serverMessageMaxBytes: limits.serverMessageMaxBytes,
      connectionLifeMaxMs: limits.connectionLifeMaxMs,
    });
  });
});
