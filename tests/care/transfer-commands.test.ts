import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ulid } from "ulid";
import { describe, expect, it } from "vitest";
import { fileLines } from "../../src/local/file-lines.ts";
import { importShop } from "../../src/store/sqlite/import-shop.ts";
import { TransferProblem } from "../../src/store/transfer/transfer-problem.ts";
import { startServer } from "../../src/testing/server-process.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";
import { endpointOf, tableNames } from "../support/dynamodb.ts";
import { runCare } from "./processes.ts";
import { contentOf, fromSqlite, openFullShop, shopId } from "./transfer.ts";

async function fullLines(): Promise<string[]> {
  return fromSqlite((await openFullShop()).file);
}

function written(bytes: string | Uint8Array): string {
  const path = join(temporaryDirectory(), "shop.jsonl");
  writeFileSync(path, bytes);
  return path;
}

const linesOf = (text: string): string[] => text.trimEnd().split("\n");

describe("npm run export and npm run import", () => {
  it("[CA1] carry a shop through DynamoDB and back into a folder, and its server starts", async () => {
    const lines = await fullLines();
    const { boardTable, liveTable } = tableNames();
    const aws = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "eu-central-1" };
    const names = { BOARD_TABLE: boardTable, LIVE_TABLE: liveTable };
    const dynamo = { ...aws, ...names, DATABASE: "dynamodb", DYNAMODB_ENDPOINT: await endpointOf("dynoxide") };
    const path = written(`${lines.join("\n")}\n`);
    const said = `The shop ${shopId} is imported: 14 cards and tombstones.\n`;
    expect(await runCare("import", { env: dynamo, args: [path] })).toEqual({ code: 0, out: "", err: said });
    const again = await runCare("import", { env: dynamo, args: [path] });
    expect(again).toMatchObject({ code: 1, err: expect.stringMatching(/^Cannot import\. [^\n]*not empty[^\n]*\n$/) });

    const there = await runCare("export", { env: dynamo, args: ["--shop", shopId] });
    expect(there).toMatchObject({ code: 0, err: "" });
    expect(contentOf(linesOf(there.out).slice(1))).toEqual(contentOf(lines.slice(1)));
    const DATA_DIR = join(temporaryDirectory(), "data");
    const back = await runCare("import", { env: { DATA_DIR }, args: [written(there.out)] });
    expect(back).toEqual({ code: 0, out: "", err: said });
    const home = await runCare("export", { env: { DATA_DIR }, args: ["--shop", shopId] });
    expect(contentOf(linesOf(home.out).slice(1))).toEqual(contentOf(lines.slice(1)));
    const server = await startServer({ DATA_DIR, SHOP_ID: shopId });
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
    const running = await runCare("import", { env: { DATA_DIR }, args: [path] });
    expect(running.err).toMatch(/^Cannot import\. [^\n]*in use by another running server[^\n]*\n$/);
  });

  it("say in one line what is wrong with a file, wherever in it that is, and leave no trace", async () => {
    const lines = await fullLines();
    const middle = Math.floor(lines.length / 2);
    const last = lines.length - 1;
    const whole = Buffer.from(`${lines.join("\n")}\n`);
    const broken = (index: number) => written(lines.with(index, `${lines[index]?.slice(0, 10)}`).join("\n"));
    const cases: [path: string, words: string][] = [
      [broken(0), "line 1: it is not JSON"],
      [broken(middle), `line ${middle + 1}: it is not JSON`],
      [broken(last), `line ${last + 1}: it is not JSON`],
      [written(whole.subarray(0, whole.length / 2)), "it is not JSON"],
      [
        written(lines.slice(0, middle).join("\n")),
        `the file ends after line ${middle}, before its last line: it is torn`,
      ],
      [written(`${whole}${lines[middle]}\n`), `line ${lines.length + 1}: there is more after the end`],
      [written(lines.toSpliced(middle, 1).join("\n")), "lines are missing"],
      [
        written(lines.with(middle, `{"kind":"card","x":"${"x".repeat(3_000_000)}"}`).join("\n")),
        `line ${middle + 1}: it is too long`,
      ],
      [written("x".repeat(5_000_000)), "line 1: it is too long"],
      [written(Buffer.from(`${lines.join("\n")}\n`, "utf16le")), "line 1: "],
      [
        written(Buffer.concat([whole.subarray(0, -20), Uint8Array.of(0xff)])),
        `line ${last + 1}: it is not text in UTF-8`,
      ],
      [written("[".repeat(100_000)), "line 1: it is not JSON"],
      [written(""), "the file is empty"],
      [join(temporaryDirectory(), "nowhere.jsonl"), "cannot be read (ENOENT)"],
      [temporaryDirectory(), "cannot be read (EISDIR)"],
    ];
    for (const [path, words] of cases) {
      const file = join(temporaryDirectory(), "board.sqlite");
      const refused = importShop({ file, lines: fileLines(path), newId: () => ulid(), now: new Date() });
      const problem: unknown = await refused.catch((error: unknown) => error);
      expect(problem, words).toBeInstanceOf(TransferProblem);
      expect(problem instanceof Error && problem.message).toContain(words);
      expect(existsSync(file), words).toBe(false);
    }
    const DATA_DIR = join(temporaryDirectory(), "data");
    const ended = await runCare("import", { env: { DATA_DIR }, args: [broken(middle)] });
    expect(ended).toEqual({ code: 1, out: "", err: `Cannot import. line ${middle + 1}: it is not JSON\n` });
    expect(existsSync(join(DATA_DIR, "board.sqlite"))).toBe(false);
  });

  it("say in one line that there is no such shop, no database, or nobody who reads", async () => {
    const { file } = await openFullShop();
    const DATA_DIR = join(file, "..");
    const stranger = await runCare("export", { env: { DATA_DIR }, args: ["--shop", "south"] });
    expect(stranger.err).toBe("Cannot export. there is no shop south\n");
    const nowhere = await runCare("export", { env: { DATA_DIR: join(DATA_DIR, "no") }, args: ["--shop", shopId] });
    expect(nowhere.err).toMatch(/^Cannot export\. [^\n]*set DATA_DIR[^\n]*\n$/);
    const unnamed = await runCare("export", { env: { DATA_DIR } });
    expect(unnamed).toMatchObject({ code: 1, err: "Cannot export. --shop must name the shop.\n" });
    const full = await runCare("export", { env: { DATA_DIR }, args: ["--shop", shopId], outFile: "/dev/full" });
    expect(full.code).toBe(1);
    expect(full.err).toMatch(/^Cannot export\. the output cannot be written \(E[A-Z]+\): [^\n]+\n$/);
    expect(readFileSync(file).length).toBeGreaterThan(0);
  });
});
