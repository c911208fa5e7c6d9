import { parseArgs } from "node:util";
import { instantInputSchema, limits } from "@status-board/contracts";
import { headersOf, orWrong, problemsOf } from "../common/arguments.ts";
import { type AwsKeys, keysOf } from "../common/sign-request.ts";
import type { SeedOptions } from "./seed-board.ts";
import { clockMinutes } from "./wall-clock.ts";

export const usage =
  "usage: npm run seed -- --url URL --date YYYY-MM-DD --cards N [--reset] [--now TIME] [--header 'name: value'] … [--machine]";

export const help = `${usage}

Fills a day's board through the API. The same arguments always give the same cards; a second run changes nothing.

  --url URL                address of the server, e.g. http://127.0.0.1:3000
  --date YYYY-MM-DD        the board's day, in the shop's time zone
  --cards N                1 to ${limits.boardMaxCards}
  --reset                  put every seeded card back as it was planned: fields, column and order
  --now TIME               promised times lie around it: ISO 8601, or HH:MM on that date (default 12:00)
  --header 'name: value'   sent with every request; may be repeated
  --machine                signs each request by the keys in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                           and AWS_REGION; the URL then ends in /machine`;

export type Command =
  | { kind: "seed"; options: SeedOptions; keys?: AwsKeys }
  | { kind: "help" }
  | { kind: "wrong"; problems: readonly string[] };

/** Reads the command line. */
export const parseCommand = (args: readonly string[]): Command => orWrong(() => commandOf(readArgs(args)));

const readArgs = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      url: { type: "string" },
      date: { type: "string" },
      cards: { type: "string" },
      now: { type: "string" },
      reset: { type: "boolean" },
      header: { type: "string", multiple: true },
      machine: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  }).values;

function commandOf(values: ReturnType<typeof readArgs>): Command {
  const { url, date, cards, now, reset = false, machine = false, help: wantsHelp } = values;
  if (wantsHelp) return { kind: "help" };
  const found = machine ? keysOf(process.env) : undefined;
  const headers = headersOf(values);
  const problems = [
    ...problemsOf(values),
    ...(isCount(cards) ? [] : [`--cards must be a whole number from 1 to ${limits.boardMaxCards}`]),
    ...(now === undefined || isTime(now) ? [] : ["--now must be an ISO 8601 time with Z or an offset, or HH:MM"]),
    ...(found?.kind === "missing" ? [`--machine needs ${found.names.join(", ")}`] : []),
  ];
  if (problems.length > 0 || url === undefined || date === undefined) return { kind: "wrong", problems };
  return {
    kind: "seed",
    ...(found?.kind === "keys" && { keys: found.keys }),
    options: { url, date, cards: Number(cards), reset, headers, ...(now !== undefined && { now }) },
  };
}

const isCount = (text = "") => /^[1-9][0-9]{0,3}$/.test(text) && Number(text) <= limits.boardMaxCards;
const isTime = (text: string) => clockMinutes(text) !== undefined || instantInputSchema.safeParse(text).success;
