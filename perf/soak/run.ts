import { setTimeout as wait } from "node:timers/promises";
import { type Appointment, statuses } from "@status-board/contracts";
import {
  columnsOf,
  createLiveBoard,
  createStatusBoardClient,
  type LiveBoard,
  type StatusBoardClient,
} from "@status-board/frontend-client";
import { type Acknowledged, auditCard, type Stored } from "./audit.ts";
import { startCutter } from "./cutter.ts";
import { openDisk } from "./disk.ts";
import { memoryOf, startKeeper } from "./keeper.ts";
import { type Journal, work } from "./person.ts";

const dates = ["2031-03-03", "2031-03-04", "2031-03-05"];
const people = 8;
const screenCount = 12;
/** The share of the time in which the server is killed and the disk is full; afterwards one life lasts to the end. */
const rough = 0.4;
const diskFullMs = 1_500;
const cutEveryMs = 300;
const settleMaxMs = 30_000;
const impatient = { retryFirstMs: 50, retryMaxMs: 1_000, heartbeatVisibleMs: 2_000, answerWaitMs: 2_000 };

export interface SoakOptions {
  seconds: number;
  random: () => number;
  say: (line: string) => void;
}

/** What a soak came to. */
export interface SoakReport {
  acknowledged: number;
  /** Of them, those that had to be sent more than once. */
  repeated: number;
  refused: ReadonlyMap<string, number>;
  kills: number;
  cuts: number;
  diskKind: string;
  diskFull: number;
  cards: number;
  screens: number;
  memory: ReturnType<typeof memoryOf>;
  /** What must not be; empty after a run in which all was well. */
  findings: string[];
}

/** A shop's day in fast motion against a server that is killed, cut off and left without a disk; and then the audit. */
export async function soak({ seconds, random, say }: SoakOptions): Promise<SoakReport> {
  const disk = openDisk(256 + Math.ceil((seconds / 60) * 24));
  const keeper = await startKeeper(disk.directory);
  const cutter = await startCutter(() => keeper.port);
  const client = createStatusBoardClient({ baseUrl: keeper.url, retries: 0, timeoutMs: 5_000 });
  const screens = Array.from({ length: screenCount }, (_, index) => openScreen(cutter.url, index, random));
  const journal: Journal = { acknowledged: [], refused: new Map(), wrong: [] };
  const over = AbortSignal.timeout(seconds * 1_000);
  let cuts = 0;
  try {
    const working = Array.from({ length: people }, () => work({ client, dates, random, journal, signal: over }));
    const cutting = (async () => {
      while (!over.aborted) {
        await wait(2 * cutEveryMs * random());
        if (cutter.cutOne(random)) cuts++;
      }
    })();
    const refusedForWant = () => journal.refused.get("unavailable") ?? 0;
    const kills = Math.max(2, Math.round(seconds / 60));
    const diskFull = Math.max(1, Math.round(seconds / 180));
    const troubles = [...Array<"kill">(kills).fill("kill"), ...Array<"disk">(diskFull).fill("disk")];
    for (const trouble of shuffled(troubles, random)) {
      await wait((seconds * 1_000 * rough) / troubles.length);
      say(trouble === "kill" ? "the server is killed" : "the disk is full");
      if (trouble === "kill") await keeper.kill();
      else {
        disk.fill(keeper.pid());
        const refusedBefore = refusedForWant();
        await wait(diskFullMs);
        // The write-ahead log that is there takes more for a while.
        while (refusedForWant() === refusedBefore && !over.aborted) await wait(100);
        disk.free(keeper.pid());
      }
    }
    await Promise.all([...working, cutting]);
    say("the audit");
    const findings = [
      ...journal.wrong,
      ...(await auditAll(client, journal.acknowledged)),
      ...(await unequalScreens(client, screens)),
    ];
    const counts = { kills, cuts, diskKind: disk.kind, diskFull, screens: screenCount };
    const cards = new Set(journal.acknowledged.map(({ id }) => id)).size;
    const repeated = journal.acknowledged.filter(({ tries }) => tries > 1).length;
    const acknowledged = journal.acknowledged.length;
    return {
      acknowledged,
      repeated,
      refused: journal.refused,
      ...counts,
      cards,
      memory: memoryOf(keeper.samples),
      findings,
    };
  } finally {
    for (const { board } of screens) board.close();
    cutter.close();
    await keeper.stop();
    disk.remove();
  }
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((entry) => ({ entry, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ entry }) => entry);
}

interface Screen {
  date: string;
  board: LiveBoard<Appointment>;
}

/** A screen whose requests and socket go through the cutter. */
function openScreen(through: string, index: number, random: () => number): Screen {
  class CutSocket extends WebSocket {
    constructor(url: string | URL) {
      const address = new URL(url);
      address.host = new URL(through).host;
      super(address);
    }
  }
  const date = dates[index % dates.length] ?? "";
  const client = createStatusBoardClient({ baseUrl: through, timeoutMs: 5_000, random });
  return { date, board: createLiveBoard<Appointment>({ ...impatient, client, date, webSocket: CutSocket, random }) };
}

/** Audits each card that anybody wrote, once its history has caught up with it. */
async function auditAll(client: StatusBoardClient, acknowledged: readonly Acknowledged[]): Promise<string[]> {
  const byCard = Map.groupBy(acknowledged, ({ id }) => id);
  const removed = new Map<string, number>();
  for (const date of dates) {
    const board = await client.getBoard({ query: { date } });
    if (!board.ok) return [`the board of ${date} could not be read: ${board.error.code}`];
    for (const { id, version } of board.data.removed) removed.set(id, Math.max(version, removed.get(id) ?? 0));
  }
  const findings: string[] = [];
  for (const [id, writes] of byCard) findings.push(...auditCard(id, writes, await stored(client, id, removed.get(id))));
  return findings;
}

async function stored(client: StatusBoardClient, id: string, removedAt: number | undefined): Promise<Stored> {
  const until = Date.now() + settleMaxMs;
  for (;;) {
    const card = await client.getAppointment({ id });
    if (!card.ok) return removedAt === undefined ? undefined : { removedAt };
    const history = await client.getHistory({ id });
    const items = history.ok ? history.data.items : [];
    if (items.length >= card.data.version || Date.now() > until) return { card: card.data, history: items };
    await wait(50);
  }
}

/** Waits until every screen is sure of itself and shows what the store has; a line for each that does not come to it. */
async function unequalScreens(client: StatusBoardClient, screens: readonly Screen[]): Promise<string[]> {
  const until = Date.now() + settleMaxMs;
  for (;;) {
    const findings: string[] = [];
    for (const date of dates) {
      const truth = await client.getBoard({ query: { date } });
      if (!truth.ok) return [`the board of ${date} could not be read: ${truth.error.code}`];
      const expected = JSON.stringify(statuses.map((status) => truth.data.columns[status].items));
      for (const [index, screen] of screens.entries()) {
        if (screen.date !== date) continue;
        const { connection, replica } = screen.board.getState();
        const columns = columnsOf(replica);
        const shown = JSON.stringify(statuses.map((status) => columns[status]));
        if (connection.kind !== "live") findings.push(`screen ${index} is ${connection.kind}`);
        else if (shown !== expected) findings.push(`screen ${index} shows another board of ${date} than the store has`);
      }
    }
    if (findings.length === 0 || Date.now() > until) return findings;
    await wait(200);
  }
}
