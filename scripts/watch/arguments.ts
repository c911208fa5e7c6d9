import { parseArgs } from "node:util";
import { idSchema } from "@status-board/contracts";
import { headersOf, orWrong, problemsOf } from "../common/arguments.ts";
import { type AwsKeys, keysOf } from "../common/sign-request.ts";

export const usage =
  "usage: npm run watch -- --url URL --date YYYY-MM-DD [--until ID --timeout SECONDS] [--header 'name: value'] … [--machine]";

export const help = `${usage}

Prints a line for each change of the board: who moved what from where to where, and how long ago it was committed. It
resumes by itself after a cut, tells then what happened meanwhile, and says when it is unsure.

  --url URL                address of the server, e.g. http://127.0.0.1:3000
  --date YYYY-MM-DD        the board's day
  --until ID               end with exit code 0 as soon as a change of this card has come
  --timeout SECONDS        end with exit code 1 when none has come by then; only with --until
  --header 'name: value'   sent with every request; may be repeated
  --machine                signs each request by the keys in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                           and AWS_REGION; the URL then ends in /machine`;

export interface WatchOptions {
  /** Without a slash at the end. */
  url: string;
  date: string;
  until?: string;
  timeoutSeconds?: number;
  headers: Record<string, string>;
  /** Signs the requests, where they are to be signed. */
  keys?: AwsKeys;
}

export type Command =
  | { kind: "watch"; options: WatchOptions }
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
      until: { type: "string" },
      timeout: { type: "string" },
      header: { type: "string", multiple: true },
      machine: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  }).values;

function commandOf(values: ReturnType<typeof readArgs>): Command {
  const { url, date, until, timeout, machine = false, help: wantsHelp } = values;
  if (wantsHelp) return { kind: "help" };
  const found = machine ? keysOf(process.env) : undefined;
  const problems = [
    ...problemsOf(values),
    ...(until === undefined || idSchema.safeParse(until).success ? [] : ["--until must be a card's id"]),
    ...(timeout === undefined || /^[1-9][0-9]{0,4}$/.test(timeout) ? [] : ["--timeout must be 1 to 99999 seconds"]),
    ...(timeout === undefined || until !== undefined ? [] : ["--timeout goes with --until"]),
    ...(found?.kind === "missing" ? [`--machine needs ${found.names.join(", ")}`] : []),
  ];
  if (problems.length > 0 || url === undefined || date === undefined) return { kind: "wrong", problems };
  return {
    kind: "watch",
    options: {
      url: url.replace(/\/+$/, ""),
      date,
      headers: headersOf(values),
      ...(found?.kind === "keys" && { keys: found.keys }),
      ...(until !== undefined && { until }),
      ...(timeout !== undefined && { timeoutSeconds: Number(timeout) }),
    },
  };
}
