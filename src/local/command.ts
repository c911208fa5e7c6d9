import { parseArgs } from "node:util";
import { StartProblem } from "../runtime/environment.ts";
import { DatabaseProblem } from "../store/sqlite/database-problem.ts";
import { StoreUnavailable } from "../store/store.ts";
import { TransferProblem } from "../store/transfer/transfer-problem.ts";

/** A command that `npm run` offers beside the server. */
export interface Command {
  /** What `--help` prints; its first line is the usage. */
  help: string;
  /** Options that take a value. */
  options: readonly string[];
  /** Options that are there or not. */
  flags?: readonly string[];
  /** How many words it takes besides. */
  words: number;
  /** What could not be done, as in "Cannot back up." */
  purpose: string;
  run: (given: Given) => Promise<void>;
}

/** What a command line says. */
export interface Given {
  values: Readonly<Record<string, string | undefined>>;
  flags: ReadonlySet<string>;
  words: readonly string[];
}

/** Tells a person; standard output is for what the command gives. */
export const say = (line: string) => process.stderr.write(`${line}\n`);

/**
 * Runs a command of this process. A command line that is wrong ends with exit code 2; what cannot be done is said in one
 * line that tells what to do, with exit code 1.
 */
export async function runCommand(command: Command, args: readonly string[]): Promise<void> {
  const given = read(command, args);
  if (given === undefined) return;
  try {
    await command.run(given);
  } catch (error) {
    const message = messageOf(error);
    if (message === undefined) throw error;
    say(`Cannot ${command.purpose}. ${message}`);
    process.exitCode = 1;
  }
}

/** What a person can do something about; undefined for a bug. */
function messageOf(error: unknown): string | undefined {
  if (error instanceof StoreUnavailable) return "The database does not answer: check that it runs, and try again.";
  const isProblem =
    error instanceof DatabaseProblem || error instanceof StartProblem || error instanceof TransferProblem;
  return isProblem ? error.message : undefined;
}

function read({ help, options, flags = [], words }: Command, args: readonly string[]): Given | undefined {
  const [usage] = help.split("\n");
  const named = (type: "string" | "boolean") => (name: string) => [name, { type }] as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries([...options.map(named("string")), ...["help", ...flags].map(named("boolean"))]),
    });
    if (values.help === true) {
      process.stdout.write(`${help}\n`);
      return undefined;
    }
    if (positionals.length !== words) throw new TypeError(`${words} expected, ${positionals.length} given`);
    const texts = Object.entries(values).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
    return {
      values: Object.fromEntries(texts),
      flags: new Set(Object.keys(values).filter((name) => values[name] === true)),
      words: positionals,
    };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    say(`${error.message}\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}
