/** Measures the product beside its floors, all on this machine and in this run: `npm run bench`; see --help. */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { isSignedIn } from "./board.ts";
import { measureDynamo } from "./dynamo-bench.ts";
import { measureCapacity, measureCold } from "./functions-bench.ts";
import { measureGrowth } from "./growth-bench.ts";
import { measureHttp } from "./http-bench.ts";
import { measureLive } from "./live-bench.ts";
import { measureMemory } from "./memory-bench.ts";
import { measurePage } from "./page-bench.ts";

const ms = (value: number) => `${value.toFixed(2)} ms`;
const rate = (value: number) => `${Math.round(value)}/s`;
const megabytes = (value: number) => `${value.toFixed(1)} MB`;

/** One line of the report: what was measured, its floor, and their ratio beside the one to reach. */
function row(name: string, measured: string, floor: string, ratio: number, target: string): void {
  console.log(`| ${name} | ${measured} | ${floor} | ${ratio.toFixed(2)} | ${target} |`);
}

function heading(title: string): void {
  console.log(`\n### ${title}\n\n| | measured | floor | ratio | target |\n|---|---|---|---|---|`);
}

async function http(seconds: number): Promise<void> {
  const { readyMs, reads, move } = await measureHttp(seconds);
  heading("HTTP on SQLite, 100 cards");
  for (const [name, read, floor] of [
    ["board", "board", "objects in memory"],
    ["stats", "stats", "cards as text, parsed"],
    ["stats", "stats of objects", "objects in memory"],
  ] as const) {
    const { one, ten } = reads[read];
    const [mine, theirs] = [one.board.p50Ms, one.floor.p50Ms];
    row(`${name}, 1 client, p50, floor: ${floor}`, ms(mine), ms(theirs), mine / theirs, "<= 1");
    const [many, others] = [ten.board.perSecond, ten.floor.perSecond];
    row(`${name}, 10 clients, floor: ${floor}`, rate(many), rate(others), many / others, ">= 2");
  }
  const { one, bare, ten } = move;
  row("move, 1 client, p50", ms(one.board.p50Ms), ms(one.floor.p50Ms), one.board.p50Ms / one.floor.p50Ms, "<= 4");
  row(
    "move, 1 client that reads no more than it must, p50",
    ms(bare.board.p50Ms),
    ms(bare.floor.p50Ms),
    bare.board.p50Ms / bare.floor.p50Ms,
    "",
  );
  const { board, raw } = ten;
  row(
    "move, 10 clients, beside raw durable transactions",
    rate(board.perSecond),
    rate(raw.perSecond),
    board.perSecond / raw.perSecond,
    ">= 1.1",
  );
  row("move, 10 clients, p95 beside its p50", ms(board.p95Ms), ms(board.p50Ms), board.p95Ms / board.p50Ms, "<= 2");
  row("the raw transactions' own p95 beside its p50", ms(raw.p95Ms), ms(raw.p50Ms), raw.p95Ms / raw.p50Ms, "");
  row("ready after the start", ms(readyMs), "500 ms", readyMs / 500, "<= 1");
}

async function dynamo(seconds: number): Promise<void> {
  const { query, board, queryAndUpdate, move, push } = await measureDynamo(seconds);
  heading("HTTP on DynamoDB (Dynoxide), 100 cards, 1 client");
  row(
    "board, p50, beside the SDK's index query",
    ms(board.p50Ms),
    ms(query.p50Ms),
    board.p50Ms / query.p50Ms,
    "<= 1.6",
  );
  row(
    "move, p50, beside index query + UpdateItem",
    ms(move.p50Ms),
    ms(queryAndUpdate.p50Ms),
    move.p50Ms / queryAndUpdate.p50Ms,
    "<= 1.3",
  );
  row("request to the last of 100 screens, p95", ms(push.p95Ms), "60 ms", push.p95Ms / 60, "<= 1");
}

async function live(seconds: number): Promise<void> {
  const { pushes, moves, idle } = await measureLive(seconds);
  heading("Pushes on SQLite");
  for (const { screens, floor, board } of pushes) {
    const target = screens === 100 ? "<= 1.5" : screens === 500 ? "<= 1.2" : "";
    row(
      `request to the last of ${screens} screens, p95`,
      ms(board.p95Ms),
      ms(floor.p95Ms),
      board.p95Ms / floor.p95Ms,
      target,
    );
  }
  row(
    "move at 200/s with 100 screens, p95, beside without",
    ms(moves.with.p95Ms),
    ms(moves.without.p95Ms),
    moves.with.p95Ms / moves.without.p95Ms,
    "<= 1.3",
  );
  row(`memory of ${idle.screens} idle screens`, megabytes(idle.megabytes), "60 MB", idle.megabytes / 60, "<= 1");
  row("core that they take", `${(idle.coreShare * 100).toFixed(2)} %`, "2 %", idle.coreShare / 0.02, "<= 1");
}

async function growth(seconds: number): Promise<void> {
  const { boards, cards, clients } = await measureGrowth(seconds);
  heading("Growth on SQLite, 1 client, p50");
  for (const operation of ["board", "stats", "move"] as const) {
    const [few, many] = [boards[operation].few.p50Ms, boards[operation].many.p50Ms];
    row(`${operation} beside 999 other boards, and beside 9`, ms(many), ms(few), many / few, "<= 1.2");
  }
  row("resident memory after that", megabytes(boards.residentMb), "120 MB", boards.residentMb / 120, "<= 1");
  row("of it, all but Node's own file", megabytes(boards.ownMb), "120 MB", boards.ownMb / 120, "<= 1");
  for (const operation of ["board", "stats", "move"] as const) {
    const [few, many] = [cards[operation].few.p50Ms, cards[operation].many.p50Ms];
    row(`${operation} of 500 cards, and of 20`, ms(many), ms(few), many / few, "");
  }
  heading("Clients at once on SQLite, 100 cards: answers a second, and the p95");
  for (const { clients: count, reading } of clients)
    for (const operation of ["board", "stats", "move"] as const) {
      const { perSecond, p95Ms, p50Ms } = reading[operation];
      row(
        `${operation}, ${count} clients: ${rate(perSecond)}, p95 beside its p50`,
        ms(p95Ms),
        ms(p50Ms),
        p95Ms / p50Ms,
        "",
      );
    }
}

async function page(): Promise<void> {
  const { scriptBytes, firstCardMs, longTasks } = await measurePage();
  heading("The page in Chromium, 200 cards");
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
  row("JavaScript of the first load, gzipped", kilobytes(scriptBytes), "150 kB", scriptBytes / 150_000, "<= 1");
  row("first card in the document", ms(firstCardMs), "1000 ms", firstCardMs / 1000, "<= 1");
  row(
    `tasks over 50 ms in ${longTasks.drags} drags`,
    String(longTasks.count),
    `longest ${ms(longTasks.longestMs)}`,
    longTasks.count,
    "<= 0",
  );
}

/** Starts of each function. */
const coldTries = 7;
const [initTargetMs, firstTargetMs] = [120, 200];

async function cold(): Promise<void> {
  const [floor, ...figures] = await measureCold(coldTries);
  if (floor === undefined) throw new Error("nothing was measured");
  console.log(`
### Cold start of each function, median of ${coldTries}: the bundle's import is to take <= ${initTargetMs} ms, its first request <= ${firstTargetMs} ms

| function | gzipped | init | of the processor | an empty file's | ratio | first request | a second one's | ratio | |
|---|---|---|---|---|---|---|---|---|---|`);
  for (const { name, gzippedBytes, initMs, initCpuMs, firstMs, warmMs } of figures) {
    const init = `${ms(initMs)} | ${ms(initCpuMs)} | ${ms(floor.initMs)} | ${(initMs / floor.initMs).toFixed(0)}`;
    const first = `${ms(firstMs)} | ${ms(warmMs)} | ${(firstMs / warmMs).toFixed(1)}`;
    const isMet = initMs <= initTargetMs && firstMs <= firstTargetMs;
    console.log(
      `| ${name} | ${(gzippedBytes / 1000).toFixed(0)} kB | ${init} | ${first} | ${isMet ? "met" : "**not met**"} |`,
    );
  }
}

async function capacity(): Promise<void> {
  heading("DynamoDB's capacity units of each operation, by the functions, warm, signed in, 100 cards, 10 screens");
  const targets: Record<string, [read?: number, written?: number]> = { board: [6], move: [2, 5] };
  for (const [name, { calls, read, written }] of Object.entries(await measureCapacity())) {
    const [readTarget, writtenTarget] = targets[name] ?? [];
    const line = (what: string, units: number, target?: number) =>
      target === undefined
        ? console.log(`| ${name}, ${what} | ${units} | | | |`)
        : row(`${name}, ${what}`, String(units), `${target} allowed`, units / target, "<= 1");
    line(`${calls} calls, read`, read, readTarget);
    line("written", written, writtenTarget);
  }
}

const memoryScreens = 500;

async function memory(minutes: number): Promise<void> {
  console.log(
    `\n### Memory of one machine with ${memoryScreens} screens, over ${minutes} min\n\n| minute | resident | heap |\n|---|---|---|`,
  );
  const { resident, heap } = await measureMemory(minutes, memoryScreens, (sample) =>
    console.log(`| ${sample.minute.toFixed(2)} | ${megabytes(sample.residentMb)} | ${megabytes(sample.heapMb)} |`),
  );
  heading("Of that, the last third beside the first");
  const line = (name: string, { first, last }: { first: number; last: number }, target: string) =>
    row(name, megabytes(last), megabytes(first), last / first, target);
  line("resident", resident, "<= 1.05");
  line("heap", heap, "");
}

const sections: Record<string, (seconds: number, minutes: number) => Promise<void>> = {
  http,
  dynamo,
  live,
  growth,
  cold,
  capacity,
  memory: (_seconds, minutes) => memory(minutes),
  page,
};

const usage = `usage: npm run bench -- [SECONDS] [SECTION ...] [--minutes N]

Measures the product beside its floors and prints tables. SECONDS a figure, 3 unless told; sections: ${Object.keys(sections).join(", ")}, all
unless told. --minutes says for how long memory is watched: 1 unless told. The boards are signed in to: each request carries a
device's cookie, whose session is looked up, and every check, limit and line of the log is on. With BENCH_SIGN_IN=off the
boards of http and live are without sign-in.`;

interface Asked {
  seconds: number;
  minutes: number;
  wanted: readonly string[];
}

/** Undefined for what is not understood. */
function read(): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { minutes: { type: "string", default: "1" }, help: { type: "boolean" } },
    });
    const [first = ""] = positionals;
    const isTold = Number.isFinite(Number(first)) && first !== "";
    const [seconds, minutes] = [isTold ? Number(first) : 3, Number(values.minutes)];
    const wanted = isTold ? positionals.slice(1) : positionals;
    const isKnown = wanted.every((section) => section in sections) && seconds > 0 && minutes > 0;
    return values.help || !isKnown ? undefined : { seconds, minutes, wanted };
  } catch {
    return undefined;
  }
}

const asked = read();
if (asked === undefined) {
  const isAskedFor = process.argv.includes("--help");
  (isAskedFor ? console.log : console.error)(usage);
  process.exitCode = isAskedFor ? 0 : 2;
} else {
  const { seconds, minutes, wanted } = asked;
  const what = `${seconds} s a figure, ${isSignedIn ? "signed in as a paired device" : "without sign-in"}`;
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, ${what}`);
  for (const [name, measure] of Object.entries(sections))
    if (wanted.length === 0 || wanted.includes(name)) await measure(seconds, minutes);
}
