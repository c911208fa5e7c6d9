import { dateSchema } from "@status-board/contracts";

/** What every script that speaks to a server takes. */
export interface ServerArguments {
  url?: string | undefined;
  date?: string | undefined;
  header?: readonly string[] | undefined;
}

/** What is wrong with the address, day and headers, a line each. */
export const problemsOf = ({ url, date, header = [] }: ServerArguments): string[] => [
  ...(isWebAddress(url) ? [] : ["--url must be an http or https address"]),
  ...(dateSchema.safeParse(date).success ? [] : ["--date must be a calendar day, YYYY-MM-DD, of 2000 to 2099"]),
  ...header.filter((line) => !isHeader(splitHeader(line))).map(() => "--header must be 'name: value'"),
];

/** The headers that `--header 'name: value'` gives, however often. */
export const headersOf = ({ header = [] }: ServerArguments): Record<string, string> =>
  Object.fromEntries(header.map(splitHeader));

/** Runs what reads a command line, and turns what `parseArgs` throws into a problem to tell. */
export function orWrong<Command>(read: () => Command): Command | { kind: "wrong"; problems: readonly string[] } {
  try {
    return read();
  } catch (error) {
    if (error instanceof TypeError) return { kind: "wrong", problems: [error.message] };
    throw error;
  }
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
