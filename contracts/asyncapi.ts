import type { z } from "zod";
import {
  closeCodes,
  introduction,
  liveLimits,
  publicWords,
  receivedWords,
  sentWords,
  type Words,
} from "./asyncapi-words.ts";
import { type Json, jsonSchema } from "./json-schema.ts";
import { clientMessageSchema, serverMessageSchema } from "./live.ts";
import { publicDiffSchema, publicSubscribedSchema } from "./public.ts";

const input = { io: "input", target: "draft-7" } as const;
const output = { io: "output", target: "draft-7" } as const;

/** A message by its own name in the document. Viewers' variants stand under a name of their own. */
type Messages = Record<string, { words: Words<unknown>; schema: z.ZodType; direction: "receive" | "send" }>;

const received: Messages = Object.fromEntries(
  clientMessageSchema.options.map((schema) => {
    const action = schema.shape.action.value;
    return [action, { words: receivedWords[action], schema, direction: "receive" }];
  }),
);
const sent: Messages = Object.fromEntries(
  serverMessageSchema.options.map((schema) => {
    const type = schema.shape.type.value;
    return [type, { words: sentWords[type], schema, direction: "send" }];
  }),
);
const sentToViewers: Messages = {
  publicSubscribed: { words: publicWords.subscribed, schema: publicSubscribedSchema, direction: "send" },
  publicDiff: { words: publicWords.diff, schema: publicDiffSchema, direction: "send" },
};
const messages: Messages = { ...received, ...sent, ...sentToViewers };

/** The messages of one operation: a message that viewers get in another form comes with that form. */
const variantsOf = (name: string): string[] => {
  const variant = `public${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return variant in sentToViewers ? [name, variant] : [name];
};

/** What the server sends at once to whoever sent this. */
const replies: Readonly<Record<string, readonly string[]>> = {
  subscribe: ["subscribed", "bye", "error"],
  ping: ["pong", "error"],
};

const channelRef = { $ref: "#/channels/board" };
const inChannel = (names: readonly string[]) =>
  names.flatMap(variantsOf).map((name) => ({ $ref: `#/channels/board/messages/${name}` }));

function messageOf(name: string, components: Json): Json {
  const message = messages[name];
  if (message === undefined) throw new Error(`no message is named ${name}`);
  const { words, schema, direction } = message;
  const { example, ...said } = words;
  return {
    name,
    ...said,
    contentType: "application/json",
    payload: jsonSchema(schema, direction === "receive" ? input : output, components),
    examples: [{ payload: example }],
  };
}

/** `receive` is what the server takes, `send` what it sends: the document describes the server. */
function operationsOf(described: Messages): Json {
  return Object.fromEntries(
    Object.entries(described).map(([name, { words, direction }]) => {
      const answers = replies[name];
      return [
        `${direction}${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        {
          action: direction,
          channel: channelRef,
          title: name,
          summary: words.summary,
          messages: inChannel([name]),
          ...(answers && { reply: { channel: channelRef, messages: inChannel(answers) } }),
        },
      ];
    }),
  );
}

const ticketDescription = `From POST /api/admin/live/ticket; good once, for ${liveLimits.ticketValidMs / 1_000} s.`;
const ticketQuery = {
  type: "object",
  required: ["ticket"],
  properties: {
    ticket: { type: "string", description: ticketDescription },
  },
};

/**
 * The live contract as an AsyncAPI 3.0 document (https://www.asyncapi.com/docs/reference/specification/v3.0.0), made
 * from the schemas of both unions. `release` is the version of the server that serves it.
 */
export function asyncApiDocument(release: string): Json & { asyncapi: string } {
  const schemas: Json = {};
  const described = Object.fromEntries(Object.keys(messages).map((name) => [name, messageOf(name, schemas)]));
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Status board, live",
      version: release,
      description: introduction,
      license: { name: "MIT", url: "https://opensource.org/license/mit" },
    },
    defaultContentType: "application/json",
    servers: {
      socket: {
        host: "{host}",
        protocol: "wss",
        description: "The ticket's `url` names the whole address. On a workshop's own computer it is plain `ws`.",
        variables: { host: { default: "localhost", description: "from the ticket's `url`" } },
        security: [{ $ref: "#/components/securitySchemes/ticket" }],
      },
    },
    channels: {
      board: {
        address: null,
        title: "The socket",
        description:
          "One connection, one board at a time. Every frame is one JSON message as text. `receive` is what the server takes, `send` what it sends; a client does the other.",
        servers: [{ $ref: "#/servers/socket" }],
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
        bindings: { ws: { method: "GET", query: ticketQuery, bindingVersion: "0.1.0" } },
        "x-limits": liveLimits,
        "x-close-codes": closeCodes,
      },
    },
    operations: { ...operationsOf(received), ...operationsOf(sent) },
    components: {
      messages: described,
      schemas,
      securitySchemes: {
        ticket: { type: "httpApiKey", in: "query", name: "ticket", description: ticketDescription },
      },
    },
  };
}
