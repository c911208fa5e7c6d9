import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { encodeTime } from "ulid";
import { expect, it } from "vitest";
import { addDays } from "../../src/domain/time.ts";
import { linesOf, recordSchema, type TransferRecord } from "../../src/store/transfer/records.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";
import { runCare } from "./processes.ts";
import { exportedAt, fromSqlite, importInto, openFullShop, openTables, shopId } from "./transfer.ts";

const cardsPerDay = 40;
/** So that a card has the 8 KB that it may have. */
const notes = "Squeaks. ".repeat(800);

/** A shop of so many cards after the pattern of a small one: each a record of its own, none kept. */
function* recordsOf(pattern: readonly TransferRecord[], cards: number): Generator<TransferRecord> {
  const shop = pattern.find(({ kind }) => kind === "shop");
  const pointer = pattern.find((record) => record.kind === "pointer" && !record.removed);
  const whole = pattern.find(
    (record) => record.kind === "appointment" && "card" in record.item && record.item.card.notes,
  );
  if (shop === undefined || pointer?.kind !== "pointer" || whole?.kind !== "appointment" || whole.item.kind !== "card")
    throw new Error("the pattern has not everything");
  const { item } = whole;
  const idOf = (index: number) => `${encodeTime(1_900_000_000_000 + index)}${"0".repeat(16)}`;
  const dateOf = (index: number) => addDays("2027-01-01", Math.floor(index / cardsPerDay));
  yield shop;
  for (let index = 0; index < cards; index++) {
    const [id, date] = [idOf(index), dateOf(index)];
    const times = { start: `${date}T09:00:00.000Z`, end: `${date}T10:00:00.000Z` };
    yield { kind: "appointment", item: { ...item, card: { ...item.card, ...times, id, date, notes } } };
  }
  for (let index = 0; index < cards; index++) yield { ...pointer, id: idOf(index), date: dateOf(index) };
}

async function patternOf(): Promise<TransferRecord[]> {
  const { file } = await openFullShop();
  const lines = (await fromSqlite(file)).slice(1, -1);
  return lines.map((line) => recordSchema.parse(JSON.parse(line)));
}

it("[CA1] a shop that is far larger than the memory goes in and out again, byte by byte the same", async () => {
  const [cards, heapMb] = [6_000, 24];
  const directory = temporaryDirectory();
  const file = join(directory, "large.jsonl");
  const lines = linesOf({ shop: shopId, exportedAt }, recordsOf(await patternOf(), cards));
  await pipeline(Readable.from(lines), createWriteStream(file));
  expect(statSync(file).size).toBeGreaterThan(1.8 * heapMb * 1_048_576);
  const env = { DATA_DIR: join(directory, "data") };
  const imported = await runCare("import", { env, args: [file], heapMb });
  expect(imported).toEqual({
    code: 0,
    out: "",
    err: `The shop ${shopId} is imported: ${cards} cards and tombstones.\n`,
  });

  const outFile = join(directory, "again.jsonl");
  const exported = await runCare("export", { env, args: ["--shop", shopId], heapMb, outFile });
  expect(exported).toMatchObject({ code: 0, err: "" });
  const [given, ...again] = await Promise.all([file, outFile].map(hashOfRecords));
  expect(again).toEqual([given]);
}, 180_000);

/** The hash of a file without its first line, which names a time. */
async function hashOfRecords(path: string): Promise<string> {
  const [header = ""] = (await text(createReadStream(path, { end: 1_000 }))).split("\n");
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { start: header.length }), hash);
  return hash.digest("hex");
}

it("[CA1] an import into DynamoDB has no more records in flight than it writes at once", async () => {
  const tables = await openTables();
  const cards = 300;
  const count = { drawn: 0, written: 0, most: 0 };
  tables.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName === "PutItemCommand") count.written++;
        return answer;
      },
    { step: "initialize", name: "count" },
  );
  function* counted(records: Iterable<TransferRecord>): Generator<TransferRecord> {
    for (const record of records) {
      count.drawn++;
      count.most = Math.max(count.most, count.drawn - count.written);
      yield record;
    }
  }
  await importInto(tables, counted(recordsOf(await patternOf(), cards)));
  expect(count.written).toBeGreaterThanOrEqual(2 * cards);
  expect(count.most).toBeLessThan(70);
});

it("[CA1] an export waits for whoever reads it", async () => {
  let drawn = 0;
  function* counted(records: Iterable<TransferRecord>): Generator<TransferRecord> {
    for (const record of records) {
      drawn++;
      yield record;
    }
  }
  const lines = linesOf({ shop: shopId, exportedAt }, counted(recordsOf(await patternOf(), 100_000)));
  const readable = Readable.from(lines);
  await new Promise((resolve) => readable.once("readable", resolve));
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(drawn).toBeLessThan(50);
  readable.destroy();
});
