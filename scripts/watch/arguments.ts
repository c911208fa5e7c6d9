import { parseArgs } from "node:util";
import { dateSchema, idSchema } from "@status-board/contracts";

export const usage =
  "usage: npm run watch -- --url URL --date YYYY-MM-DD [--until ID --timeout SECONDS] [--header 'name: value'] …";

export const help = `${usage}

Prints a line for each change of the board: who moved what from where to where, and how long ago it was committed. It
resumes by itself after a cut, tells then what happened meanwhile, and says when it is unsure.

  --url URL                address of the server, e.g. http://127.0.0.1:3000
  --date YYYY-MM-DD        the board's day
  --until ID               end with exit code 0 as soon as a change of this card has come
  --timeout SECONDS        end with exit code 1 when none has come by then; only with --until
  --header 'name: value'   sent with every request; may be repeated`;

export interface WatchOptions {
  /** Without a slash at the end. */
  url: string;
  date: string;
  until?: string;
  timeoutSeconds?: number;
  headers: Record<string, string>;
}

export type Command =
  | { kind: "watch"; options: WatchOptions }
  | { kind: "help" }
  | { kind: "wrong"; problems: readonly string[] };

/** Reads the command line. */
export function parseCommand(args: readonly string[]): Command {
  try {
    return commandOf(readArgs(args));
  } catch (error) {
    if (error instanceof TypeError) return { kind: "wrong", problems: [error.message] };
    throw error;
  }
}

const readArgs = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      url: { type: "string" },
      date: { type: "string" },
      until: { type: "string" },
      timeout: { type: "string" },
      header: { type: "string", multiple: true },
      help: { type: "boolean", short: "h" },
    },
  }).values;

function commandOf({ url, date, until, timeout, header = [], help: wantsHelp }: ReturnType<typeof readArgs>): Command {
  if (wantsHelp) return { kind: "help" };
  const problems = [
    ...(isWebAddress(url) ? [] : ["--url must be an http or https address"]),
    ...(dateSchema.safeParse(date).success ? [] : ["--date must be a calendar day, YYYY-MM-DD, of 2000 to 2099"]),
    ...(until === undefined || idSchema.safeParse(until).success ? [] : ["--until must be a card's id"]),
    ...(timeout === undefined || /^[1-9][0-9]{0,4}$/.test(timeout) ? [] : ["--timeout must be 1 to 99999 seconds"]),
    ...(timeout === undefined || until !== undefined ? [] : ["--timeout goes with --until"]),
    ...header.filter((line) => !isHeader(splitHeader(line))).map(() => "--header must be 'name: value'"),
  ];
  if (problems.length > 0 || url === undefined || date === undefined) return { kind: "wrong", problems };
  return {
    kind: "watch",
    options: {
      url: url.replace(/\/+$/, ""),
      date,
      headers: Object.fromEntries(header.map(splitHeader)),
      ...(until !== undefined && { until }),
      ...(timeout !== undefined && { timeoutSeconds: Number(timeout) }),
    },
  };
}

/** Without a name and password, which no request can have in its address. */
function isWebAddress(text = ""): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return [username, password, search, hash].every((part) => part === "");
}

function splitHeader(line: string): [name: string, value: string] {
  const [name = "", ...value] = line.split(":");
  return [name.trim(), value.join(":").trim()];
}

function isHeader([name, value]: [name: string, value: string]): boolean {
  try {
    new Headers([[name, value]]);
    return value !== "";
  } catch {
    return false;
  }
}
