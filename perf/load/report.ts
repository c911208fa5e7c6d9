/**
 * Judges a run that a tool has finished: reads raw/ in its directory, writes summary.json, report.md and latency.svg
 * beside it, prints the table, and exits with 1 when an SLO fails.
 * `node perf/load/report.ts DIRECTORY TOOL PROFILE URL STARTED_AT`
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { judge, type Measured, type Summary, sloSchema, summarySchema } from "./outcome.ts";
import { plotOf } from "./plot.ts";
import { readArtillery } from "./read-artillery.ts";
import { readK6 } from "./read-k6.ts";

const json = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

function read(directory: string, tool: Summary["tool"]): Measured {
  const raw = (name: string) => join(directory, "raw", name);
  if (tool === "artillery") return readArtillery(json(raw("artillery.json")));
  return readK6(json(raw("k6-summary.json")), readFileSync(raw("requests.log"), "utf8"));
}

/** Undefined for a summary that was cut off, or that another version wrote. */
function summaryIn(file: string): Summary | undefined {
  try {
    return summarySchema.safeParse(json(file)).data;
  } catch {
    return undefined;
  }
}

/** The newest run before this one with the same tool, profile and address. */
export function lastRun(
  directory: string,
  { tool, profile, url }: Summary,
): { name: string; summary: Summary } | undefined {
  const parent = dirname(directory);
  for (const name of readdirSync(parent).toSorted().reverse()) {
    const file = join(parent, name, "summary.json");
    if (name >= basename(directory) || !existsSync(file)) continue;
    const summary = summaryIn(file);
    if (summary && summary.tool === tool && summary.profile === profile && summary.url === url)
      return { name, summary };
  }
  return undefined;
}

const figure = (value: number | null, unit: string) =>
  value === null ? "not measured" : `${Number(value.toFixed(value < 10 ? 2 : 0))}${unit && ` ${unit}`}`;

function marginOf({ measured, target, met }: Summary["slos"][number]): string {
  if (measured === null || target === 0) return met ? "met" : "**not met**";
  const times =
    measured === 0 ? "none" : `1/${Number((target / measured).toFixed(target / measured < 10 ? 1 : 0))} of it`;
  return met ? times : "**not met**";
}

function tableOf({ slos }: Summary, last: Summary | undefined): string {
  const before = (id: string) => {
    const slo = last?.slos.find((other) => other.id === id);
    return slo ? figure(slo.measured, slo.unit) : "";
  };
  const rows = slos.map((slo) => {
    const { id, name, target, measured, unit } = slo;
    const bound = unit === "%" ? `< ${target} %` : `<= ${figure(target, unit)}`;
    return `| ${name} | ${bound} | ${figure(measured, unit)} | ${marginOf(slo)} | ${before(id)} |`;
  });
  return ["| SLO | target | measured | margin | last run |", "|---|---|---|---|---|", ...rows].join("\n");
}

function reportOf(summary: Summary, last: ReturnType<typeof lastRun>): string {
  const { tool, profile, url, startedAt, seconds, requests, conflicts } = summary;
  const rate = Number((requests / Math.max(1, seconds)).toFixed(1));
  return `# ${profile} by ${tool}

On ${url}, ${startedAt}, ${Math.round(seconds)} s: ${requests} requests (${rate}/s with the screens' own), ${conflicts} conflicts, which are answers and no errors.

${tableOf(summary, last?.summary)}

${last ? `The last run is ${last.name}.` : "There is no earlier run of this kind."}

![Latency over the run](latency.svg)
`;
}

function readOrTell(directory: string, tool: Summary["tool"]): Measured | undefined {
  try {
    return read(directory, tool);
  } catch (error) {
    const [why] = String(error).split("\n");
    console.error(`${tool} has left nothing in ${join(directory, "raw")} that could be judged: ${why}`);
    process.exitCode = 1;
    return undefined;
  }
}

function main([directory = "", tool, profile = "", url = "", startedAt = ""]: readonly string[]): void {
  const known = summarySchema.shape.tool.parse(tool);
  const measured = readOrTell(directory, known);
  if (measured === undefined) return;
  const slos = z.array(sloSchema).parse(json(join(import.meta.dirname, "slo.json")));
  const { seconds, requests, conflicts, slices } = measured;
  const judged = judge(slos, profile, measured);
  const summary = { tool: known, profile, url, startedAt, seconds, requests, conflicts, slos: judged, slices };
  writeFileSync(join(directory, "summary.json"), `${JSON.stringify(summary, undefined, 2)}\n`);
  writeFileSync(join(directory, "latency.svg"), plotOf(slices, `Latency, p95 (thin: median), ${profile} by ${tool}`));
  const report = reportOf(summary, lastRun(directory, summary));
  writeFileSync(join(directory, "report.md"), report);
  console.log(report.split("\n").slice(2, -3).join("\n"));
  if (judged.some(({ met }) => !met)) process.exitCode = 1;
}

if (import.meta.main) main(process.argv.slice(2));
