import { expect, onTestFinished } from "vitest";
import { looks } from "./commands.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

/*
 * A whole run takes seconds, and twice as many for each cut: a test takes one cut of six, from a chosen one on.
 * CUTS_FROM=0 to 5 repeats a run, CUTS_FROM=all takes every cut.
 */
const every = 6;
const from = process.env.CUTS_FROM ?? String(Math.floor(Math.random() * every));

/** The cuts that this run takes; of twice as many one, where `sparse`. */
export function some(cuts: readonly number[], sparse = false): number[] {
  console.log(`CUTS_FROM=${from}`);
  const step = sparse ? 2 * every : every;
  return cuts.filter((_, index) => from === "all" || index % step === Number(from));
}

/** Of several calls in a row that do the same, the last; counted from 1. */
function lastOfEach(calls: readonly string[][]): number[] {
  const labels = calls.map((args) => [...args.slice(0, 2), args[args.indexOf("--key") + 1]].join(" "));
  return labels.flatMap((label, index) => (label === labels[index + 1] ? [] : [index + 1]));
}

/** After which of the calls that change something a script can be cut. */
export const changesOf = (calls: readonly string[][]): number[] =>
  lastOfEach(calls.filter(([, operation = ""]) => !looks.test(operation)));

/** In which of all its calls, those that only look included. */
export const callsOf = lastOfEach;

/** A copy of a workplace, for the test under way. */
export async function copyOf(like: Workplace): Promise<Workplace> {
  const place = await openWorkplace(like);
  onTestFinished(place.close);
  return place;
}

/** Runs the script once more as its user would, with the lock of the run that is dead broken when it asks for that. */
export async function runAgain(place: Workplace, script: string, ...args: string[]) {
  place.fault = undefined;
  const owner = place.lockOwner();
  return place.run(script, ...(owner === undefined ? [] : ["--break-lock", owner]), ...args);
}

/** What releases/ and the bucket tell is the one or the other, never something between. */
export function expectWhole(place: Workplace, versions: [string, string]): void {
  for (const record of [place.releases("rollback.json"), { dev: place.kept("dev/rollback.json") }])
    expect(
      versions.map((version) =>
        expect.objectContaining({ dev: expect.objectContaining({ current: expect.objectContaining({ version }) }) }),
      ),
    ).toContainEqual(record);
}
