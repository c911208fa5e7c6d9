/** A soak: `npm run soak -- --minutes N`; see --help. */
import { parseArgs } from "node:util";
import { type SoakReport, soak } from "./soak/run.ts";

const help = `usage: npm run soak -- --minutes N | --seconds N

Runs a shop's day in fast motion against a server of its own, which is killed, whose connections are cut and whose disk is
full for a while. Afterwards an audit replays every acknowledged answer against what is stored: none may be lost, none doubled,
and all screens must show what the store has. In the first part of the time the server is killed; from then on one process
lasts to the end, and its memory is told, of the first third of that life and of the last.

Exit status 0: all was well. From 10 minutes on, memory that has grown by more than 5 % is a failure, too.`;

/** Shorter lives are still warming up. */
const judgesMemoryFromSeconds = 600;
const memoryGrowthMax = 1.05;

function read(): number | undefined {
  const options = { minutes: { type: "string" }, seconds: { type: "string" }, help: { type: "boolean" } } as const;
  try {
    const { values } = parseArgs({ options });
    const seconds = values.seconds === undefined ? Number(values.minutes) * 60 : Number(values.seconds);
    return values.help || !Number.isFinite(seconds) || seconds < 10 || seconds > 86_400 ? undefined : seconds;
  } catch {
    return undefined;
  }
}

function linesOf(report: SoakReport, seconds: number): string[] {
  const { acknowledged, repeated, refused, kills, cuts, diskFull, diskKind, cards, screens, memory, findings } = report;
  const growth = memory ? memory.last / memory.first : Number.NaN;
  const told = [...refused].toSorted().map(([code, times]) => `${code} ${times}`);
  const isGrown = seconds >= judgesMemoryFromSeconds && !(growth <= memoryGrowthMax);
  return [
    `${acknowledged} writes acknowledged on ${cards} cards, ${repeated} of them after being sent again`,
    `refused or not answered meanwhile: ${told.join(", ") || "none"}`,
    `${kills} kills, ${cuts} connections cut, ${diskFull} times a full disk (${diskKind})`,
    `${screens} screens compared`,
    memory
      ? `memory of the last life, over ${Math.round(memory.seconds)} s: ${memory.first.toFixed(1)} MB in its first third, ${memory.last.toFixed(1)} MB in its last: ${growth.toFixed(3)}`
      : "the last life was too short to tell its memory",
    ...(isGrown ? [`FAILED: memory grew by more than ${memoryGrowthMax}`] : []),
    ...findings.map((finding) => `FAILED: ${finding}`),
  ];
}

const seconds = read();
if (seconds === undefined) {
  const asked = process.argv.includes("--help");
  (asked ? console.log : console.error)(help);
  process.exitCode = asked ? 0 : 2;
} else {
  const startedAt = Date.now();
  const say = (line: string) => console.error(`${((Date.now() - startedAt) / 1_000).toFixed(1)} s: ${line}`);
  const lines = linesOf(await soak({ seconds, random: Math.random, say }), seconds);
  for (const line of lines) console.log(line);
  const failed = lines.some((line) => line.startsWith("FAILED"));
  if (!failed) console.log("nothing lost, nothing doubled, all screens equal");
  process.exit(failed ? 1 : 0);
}
