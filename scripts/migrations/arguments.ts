import { parseArgs } from "node:util";
import { shopIdSchema, timeZoneSchema } from "@status-board/contracts";
import * as z from "zod";
import { orWrong } from "../common/arguments.ts";

export const usage = "usage: npm run migrate -- up | list | known | new-epoch | restore-from TABLE [options]";

export const help = `${usage}

Brings the stored data up to what this release expects, by numbered migrations that each run once.

  up                       run what has not run yet, in order; a failure stops it
  list                     which have run, and when; also --list
  known                    which there are, as JSON; asks nobody
  new-epoch                begin another life of the database: every screen takes a new snapshot
  restore-from TABLE       make the board table hold what TABLE holds, then begin another life

  --board-table NAME       needed by all but known
  --live-table NAME        needed by up
  --shop-id ID             the first shop, for up
  --shop-time-zone ZONE    its time zone, for up

Region and credentials are those of the environment; AWS_ENDPOINT_URL names an emulator.`;

const tableSchema = z.string().regex(/^[A-Za-z0-9_.-]{3,255}$/, "must be a DynamoDB table name");
const required = (name: string) => (issue: { input: unknown }) =>
  issue.input === undefined ? `--${name} is needed` : undefined;
const table = (name: string) => z.string({ error: required(name) }).pipe(tableSchema);
const boardOnly = { "board-table": table("board-table") };

const schemas = {
  known: z.object({}),
  list: z.object(boardOnly),
  "new-epoch": z.object(boardOnly),
  "restore-from": z.object({
    ...boardOnly,
    from: z.string({ error: () => "restore-from needs a TABLE" }).pipe(tableSchema),
  }),
  up: z.object({
    ...boardOnly,
    "live-table": table("live-table"),
    "shop-id": z.string({ error: required("shop-id") }).pipe(shopIdSchema),
    "shop-time-zone": z.string({ error: required("shop-time-zone") }).pipe(timeZoneSchema),
  }),
};

export type Command =
  | { kind: "help" }
  | { kind: "wrong"; problems: readonly string[] }
  | { kind: "known" }
  | { kind: "list"; boardTable: string }
  | { kind: "new-epoch"; boardTable: string }
  | { kind: "restore-from"; boardTable: string; from: string }
  | { kind: "up"; boardTable: string; liveTable: string; shopId: string; shopTimeZone: string };

/** Reads the command line. */
export const parseCommand = (args: readonly string[]): Command => orWrong(() => commandOf(readArgs(args)));

const readArgs = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      "board-table": { type: "string" },
      "live-table": { type: "string" },
      "shop-id": { type: "string" },
      "shop-time-zone": { type: "string" },
      list: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });

function commandOf({ values, positionals }: ReturnType<typeof readArgs>): Command {
  if (values.help) return { kind: "help" };
  const [kind = values.list ? "list" : undefined, from, ...rest] = positionals;
  if (rest.length > 0 || (from !== undefined && kind !== "restore-from"))
    return { kind: "wrong", problems: ["one command only"] };
  const given = { ...values, from };
  switch (kind) {
    case "known":
      return { kind };
    case "list":
    case "new-epoch":
      return parsed(schemas[kind], given, (found) => ({ kind, boardTable: found["board-table"] }));
    case "restore-from":
      return parsed(schemas[kind], given, (found) => ({ kind, boardTable: found["board-table"], from: found.from }));
    case "up":
      return parsed(schemas.up, given, (found) => ({
        kind,
        boardTable: found["board-table"],
        liveTable: found["live-table"],
        shopId: found["shop-id"],
        shopTimeZone: found["shop-time-zone"],
      }));
    default:
      return { kind: "wrong", problems: [kind === undefined ? "which command?" : `there is no command '${kind}'`] };
  }
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  make: (found: z.output<Schema>) => Command,
): Command {
  const result = schema.safeParse(given);
  if (result.success) return make(result.data);
  const told = ({ path, message }: z.core.$ZodIssue) =>
    message.includes("need") ? message : `--${path.join(".")} ${message}`;
  return { kind: "wrong", problems: result.error.issues.map(told) };
}
