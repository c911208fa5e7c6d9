/** Measures the product beside its floors, all on this machine and in this run: `npm run bench -- [SECONDS] [SECTION …]`. */
import { cpus } from "node:os";
import { measureDynamo } from "./dynamo-bench.ts";
import { measureGrowth } from "./growth-bench.ts";
import { measureHttp } from "./http-bench.ts";
import { measureLive } from "./live-bench.ts";
import { measurePage } from "./page-bench.ts";

const [, , secondsText = "3", ...wanted] = process.argv;
const seconds = Number(secondsText);
const runs = (section: string) => wanted.length === 0 || wanted.includes(section);

const ms = (value: number) => `${value.toFixed(2)} ms`;
const rate = (value: number) => `${Math.round(value)}/s`;

/** One line of the report: what was measured, its floor, and their ratio beside the one to reach. */
function row(name: string, measured: string, floor: string, ratio: number, target: string): void {
  console.log(`| ${name} | ${measured} | ${floor} | ${ratio.toFixed(2)} | ${target} |`);
}

function heading(title: string): void {
  console.log(`\n### ${title}\n\n| | measured | floor | ratio | target |\n|---|---|---|---|---|`);
}

async function http(): Promise<void> {
  const { readyMs, rawPerSecond, floor, board } = await measureHttp(seconds);
  heading("HTTP on SQLite, 100 cards");
  const pair = (name: string, floorName = name) => {
    const [mine, theirs] = [board[name], floor[floorName]];
    if (mine === undefined || theirs === undefined) throw new Error(`${name} was not measured`);
    return { mine, theirs };
  };
  for (const [name, floorName, against] of [
    ["board", "board", "objects in memory"],
    ["stats", "parsed stats", "cards as text, parsed"],
    ["stats", "stats", "objects in memory"],
  ] as const) {
    const one = pair(`${name} 1`, `${floorName} 1`);
    const ratio = one.mine.p50Ms / one.theirs.p50Ms;
    row(`${name}, 1 client, p50, floor: ${against}`, ms(one.mine.p50Ms), ms(one.theirs.p50Ms), ratio, "<= 1");
    const { mine, theirs } = pair(`${name} 10`, `${floorName} 10`);
    const share = mine.perSecond / theirs.perSecond;
    row(`${name}, 10 clients, floor: ${against}`, rate(mine.perSecond), rate(theirs.perSecond), share, ">= 2");
  }
  const one = pair("move 1");
  row("move, 1 client, p50", ms(one.mine.p50Ms), ms(one.theirs.p50Ms), one.mine.p50Ms / one.theirs.p50Ms, "<= 4");
  const ten = pair("move 10").mine;
  row(
    "move, 10 clients, beside raw durable transactions",
    rate(ten.perSecond),
    rate(rawPerSecond),
    ten.perSecond / rawPerSecond,
    ">= 1.1",
  );
  row("move, 10 clients, p95 beside its p50", ms(ten.p95Ms), ms(ten.p50Ms), ten.p95Ms / ten.p50Ms, "<= 2");
  row("ready after the start", ms(readyMs), "500 ms", readyMs / 500, "<= 1");
}

async function dynamo(): Promise<void> {
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

async function live(): Promise<void> {
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
  row(
    `memory of ${idle.screens} idle screens`,
    `${idle.megabytes.toFixed(1)} MB`,
    "60 MB",
    idle.megabytes / 60,
    "<= 1",
  );
  row("core that they take", `${(idle.coreShare * 100).toFixed(2)} %`, "2 %", idle.coreShare / 0.02, "<= 1");
}

async function growth(): Promise<void> {
  const { boards, cards, clients } = await measureGrowth(seconds);
  heading("Growth on SQLite, 1 client, p50");
  for (const operation of ["board", "stats", "move"] as const) {
    const [few, many] = [boards.few[operation].p50Ms, boards.many[operation].p50Ms];
    row(`${operation} beside 999 other boards, and beside 9`, ms(many), ms(few), many / few, "<= 1.2");
  }
  for (const operation of ["board", "stats", "move"] as const) {
    const [few, many] = [cards.few[operation].p50Ms, cards.many[operation].p50Ms];
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

console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, ${seconds} s a figure`);
if (runs("http")) await http();
if (runs("dynamo")) await dynamo();
if (runs("live")) await live();
if (runs("growth")) await growth();
if (runs("page")) await page();
