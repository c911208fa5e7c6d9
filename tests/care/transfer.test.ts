import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ulid } from "ulid";
import { describe, expect, it } from "vitest";
import { fileLines } from "../../src/local/file-lines.ts";
import { createDynamoStore } from "../../src/store/dynamodb/dynamo-store.ts";
import { createDynamoLiveStore } from "../../src/store/dynamodb/live-store.ts";
import type { LiveStore } from "../../src/store/live-store.ts";
import { exportShop } from "../../src/store/sqlite/export-shop.ts";
import { importShop } from "../../src/store/sqlite/import-shop.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { killAtEachStep } from "../../src/store/sqlite/testing/killed-at.ts";
import type { Store } from "../../src/store/store.ts";
import { TransferProblem } from "../../src/store/transfer/transfer-problem.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";
import { clientOf } from "../support/dynamodb.ts";
import {
  asLines,
  contentOf,
  exportedAt,
  fromDynamo,
  fromSqlite,
  importInto,
  openFullShop,
  openTables,
  shopId,
} from "./transfer.ts";

const now = new Date(exportedAt);
const newId = () => ulid();
const days = ["2031-03-02", "2031-03-03", "2031-03-04", "2031-03-05"];

async function importIntoFile(lines: readonly string[], file = join(temporaryDirectory(), "board.sqlite")) {
  await importShop({ file, lines: asLines(lines), newId, now });
  return file;
}

/** What people see of a shop: its boards, cards' histories, services and settings. */
async function viewOf(store: Store, live: LiveStore, ids: readonly string[]) {
  const boards = [];
  for (const date of days) {
    const { cards, removed } = await store.readBoard(shopId, date);
    boards.push({ date, cards: new Map(cards.map((card) => [card.id, card])), removed: new Set(removed) });
  }
  const histories = await Promise.all(ids.map((id) => live.readHistory(shopId, id)));
  const creations = await Promise.all(ids.map((id) => store.findCreation(shopId, id)));
  const known = creations.map((creation) => [
    creation?.hash,
    creation?.current?.card.version,
    creation?.current?.memory,
  ]);
  return {
    ...{ boards, histories, known },
    services: await store.listServices(shopId),
    shop: await store.readShop(shopId),
    shops: await store.listShops(),
  };
}

const idsIn = (lines: readonly string[]) =>
  lines.map((line) => JSON.parse(line)).flatMap(({ kind, id }) => (kind === "pointer" ? [String(id)] : []));

describe("export and import", () => {
  it("[CA1] carry a shop from SQLite to DynamoDB and back, with ids, versions, memory and history", async () => {
    const { file } = await openFullShop();
    const lines = await fromSqlite(file);
    const kinds = new Set(lines.map((line) => JSON.parse(line).kind));
    expect(kinds).toEqual(new Set([undefined, "shop", "service", "appointment", "pointer", "history", "end"]));
    const tables = await openTables();
    const checked = await importIntoFile(lines);
    await importInto(tables, exportShop(checked, shopId));
    const there = await fromDynamo(tables);
    expect(contentOf(there)).toEqual(contentOf(lines));
    const back = await importIntoFile(there);
    expect(contentOf(await fromSqlite(back))).toEqual(contentOf(lines));

    const ids = idsIn(lines);
    expect(ids).toHaveLength(13);
    const options = { client: clientOf(tables.endpoint), ...tables.names, now: () => now, newId };
    const dynamo = createDynamoStore(options);
    const sqlite = openSqliteStore({ file: back, newId, now: () => now });
    const expected = await viewOf(sqlite, sqlite.live, ids);
    expect(expected.boards[1]?.cards.size).toBe(11);
    expect(expected.histories.every((history) => (history?.length ?? 0) > 0)).toBe(true);
    expect(await viewOf(dynamo, createDynamoLiveStore(options), ids)).toEqual(expected);
    await dynamo.close();
    await sqlite.close();
  });

  it("[CA1] go on where the shop was: a version that was current is, and an id that was used is taken", async () => {
    const { file, ids } = await openFullShop();
    const store = openSqliteStore({ file: await importIntoFile(await fromSqlite(file)), newId, now: () => now });
    const card = (await store.readAppointment(shopId, ids.moved))?.card;
    expect(card?.version).toBe(3);
    expect((await store.findCreation(shopId, ids.removed))?.hash).toBeDefined();
    const result = await store.moveAppointment({
      ...{ shopId, id: ids.moved, expectedVersion: 3, to: "ready", from: ["in_progress"], anchor: { kind: "end" } },
      ...{ by: { id: "anna", name: "Anna" }, at: exportedAt, random: Math.random },
    });
    expect(result.kind).toBe("moved");
    await store.close();
  });

  it("replaces a shop that a first start has made and nobody has used", async () => {
    const { file } = await openFullShop();
    const lines = await fromSqlite(file);
    const target = join(temporaryDirectory(), "board.sqlite");
    const store = openSqliteStore({ file: target, newId, now: () => now });
    const settings = { name: "Workshop", timeZone: "UTC", currency: "USD", locale: "en-US", technicians: [] };
    await store.createShop({ id: shopId, ...settings, version: 1 }, "2031-03-01");
    await store.close();
    await importIntoFile(lines, target);
    expect(contentOf(await fromSqlite(target))).toEqual(contentOf(lines));
  });

  it("reads a file behind what npm says before it, and ends of lines of another system", async () => {
    const { file } = await openFullShop();
    const lines = await fromSqlite(file);
    const path = join(temporaryDirectory(), "shop.jsonl");
    writeFileSync(path, ["", "> status-board@0.1.0 export", "> node src/local/export.ts", "", ...lines].join("\r\n"));
    const target = join(temporaryDirectory(), "board.sqlite");
    await importShop({ file: target, lines: fileLines(path), newId, now });
    expect(contentOf(await fromSqlite(target))).toEqual(contentOf(lines));
    const missing = importShop({ file: target, lines: fileLines(join(path, "no")), newId, now });
    await expect(missing).rejects.toThrow("cannot be read (ENOTDIR)");
  });

  it("[MV2] killed between any two steps leaves the whole shop or nothing of it", async () => {
    const { file } = await openFullShop();
    const [header = "", ...lines] = await fromSqlite(file);
    const id = JSON.parse(lines.find((line) => line.includes('"pointer"')) ?? "").id;
    const few = lines.filter((line) => line.includes('"kind":"shop"') || line.includes(`"${id}"`));
    const path = join(temporaryDirectory(), "few.jsonl");
    writeFileSync(path, [header, ...few, JSON.stringify({ kind: "end", records: few.length })].join("\n"));
    const empty = join(temporaryDirectory(), "empty.sqlite");
    await openSqliteStore({ file: empty, newId, now: () => now }).close();
    const bytes = readFileSync(empty);
    const steps = await killAtEachStep(
      "import",
      () => {
        const target = join(temporaryDirectory(), "board.sqlite");
        writeFileSync(target, bytes);
        return [target, path] as const;
      },
      async ([target], isOver) => {
        const store = openSqliteStore({ file: target, newId, now: () => now });
        const shops = await store.listShops();
        const card = await store.readAppointment(shopId, id);
        expect(shops.length === 1).toBe(card !== undefined);
        if (isOver) expect(shops).toHaveLength(1);
        await store.close();
      },
      3,
    );
    expect(steps).toBeGreaterThan(10);
  });
});

describe("an import that is refused", () => {
  const replaced = (find: string, change: (line: string) => string) => (lines: string[]) => {
    const index = lines.findIndex((line) => line.includes(find));
    lines[index] = change(lines[index] ?? "");
    return index + 1;
  };
  const doubled = (find: string) => (lines: string[]) => {
    const index = lines.findIndex((line) => line.includes(find));
    lines.splice(index, 0, lines[index] ?? "");
    return index + 2;
  };

  const cases: [title: string, spoil: (lines: string[]) => number | undefined, words: string][] = [
    ["a line that is no JSON", replaced('"card"', (line) => line.slice(0, -20)), "it is not JSON"],
    ["a line of no kind", replaced('"card"', () => '{"kind":"song"}'), "kind is not right"],
    [
      "a wrong field",
      replaced('"card"', (line) => line.replace('"rank":"', '"rank":"#')),
      "item.card.rank is not right",
    ],
    ["a field that nobody knows", replaced('"pointer"', (line) => line.replace("{", '{"x":1,')), "it is not right"],
    [
      "a newer version",
      replaced("status-board-export", (line) => line.replace('"version":1', '"version":2')),
      "version 2",
    ],
    ["a file of another kind", (lines) => lines.splice(0, lines.length, "id;name", "1;Anna") && 1, "it is not JSON"],
    ["JSON of another kind", (lines) => lines.splice(0, lines.length, "{}") && 1, "does not begin an export"],
    ["an id that is there twice", doubled('"pointer"'), "is there twice"],
    ["a card that is there twice", doubled('"card"'), "is there twice"],
    ["a service that is there twice", doubled('"service"'), "is there twice"],
    ["a line of history that is there twice", doubled('"history"'), "is there twice"],
    ["a shop that is there twice", doubled('"kind":"shop"'), "the shop is there twice"],
    ["a torn end", (lines) => void lines.pop(), "it is torn"],
    ["missing lines", (lines) => lines.splice(3, 1) && lines.length, "lines are missing"],
    ["more after the end", (lines) => lines.push(lines[1] ?? ""), "more after the end"],
    ["an empty file", (lines) => void lines.splice(0), "the file is empty"],
    [
      "another shop's line",
      replaced('"kind":"shop"', (line) => line.replace('"north"', '"south"')),
      "about the shop south",
    ],
  ];
  for (const [title, spoil, words] of cases)
    it(`names ${title} and its line, and nothing has changed`, async () => {
      const { file } = await openFullShop();
      const lines = await fromSqlite(file);
      const target = join(temporaryDirectory(), "board.sqlite");
      await openSqliteStore({ file: target, newId, now: () => now }).close();
      const number = spoil(lines);
      const problem: unknown = await importShop({ file: target, lines: asLines(lines), newId, now }).catch(
        (error: unknown) => error,
      );
      expect(problem).toBeInstanceOf(TransferProblem);
      const message = problem instanceof Error ? problem.message : "";
      expect(message).toContain(words);
      expect(message).not.toContain("Zoë");
      if (number !== undefined) expect(message).toMatch(new RegExp(`^line ${number}: [^\n]+$`));
      const store = openSqliteStore({ file: target, newId, now: () => now });
      expect(await store.listShops()).toEqual([]);
      await store.close();
    });

  it("names a card that its id does not point to, as a copy made while somebody wrote may have", async () => {
    const { file } = await openFullShop();
    const lines = await fromSqlite(file);
    const without = lines.filter((line) => !line.includes('"kind":"end"'));
    const index = without.findIndex((line) => line.includes('"pointer"'));
    without.splice(index, 1);
    without.push(JSON.stringify({ kind: "end", records: without.length - 1 }));
    const target = join(temporaryDirectory(), "board.sqlite");
    const refused = importShop({ file: target, lines: asLines(without), newId, now });
    await expect(refused).rejects.toThrow("is not where its id points: export again while nobody writes");
    expect(existsSync(target)).toBe(false);
  });

  it("leaves a shop alone that is there already, in SQLite and in DynamoDB", async () => {
    const { file, store } = await openFullShop();
    const lines = await fromSqlite(file);
    await store.close();
    await expect(importIntoFile(lines, file)).rejects.toThrow("the shop north is there already and not empty");
    expect(contentOf(await fromSqlite(file))).toEqual(contentOf(lines));
    const tables = await openTables();
    await importInto(tables, exportShop(file, shopId));
    await expect(importInto(tables, exportShop(file, shopId), "again")).rejects.toThrow(
      "is there already and not empty",
    );
    expect(contentOf(await fromDynamo(tables))).toEqual(contentOf(lines));
  });

  it("[CA1] in DynamoDB, when cut off, shows nobody a part, and is finished by the same file alone", async () => {
    const { file } = await openFullShop();
    const lines = await fromSqlite(file);
    const tables = await openTables();
    let puts = 0;
    tables.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === "PutItemCommand" && ++puts > 20)
            throw Object.assign(new Error("cut"), { code: "ECONNRESET" });
          return next(args);
        },
      { step: "initialize", name: "cut" },
    );
    await expect(importInto(tables, exportShop(file, shopId))).rejects.toThrow("did not answer");
    await expect(fromDynamo(tables)).rejects.toThrow("there is no shop north");
    tables.client.middlewareStack.remove("cut");
    await expect(importInto(tables, exportShop(file, shopId), "another")).rejects.toThrow("another file");
    await importInto(tables, exportShop(file, shopId));
    expect(contentOf(await fromDynamo(tables))).toEqual(contentOf(lines));
  });
});
