import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { TransferProblem } from "../store/transfer/transfer-problem.ts";
import { temporaryDirectory } from "../testing/workshop.ts";
import { fileLines } from "./file-lines.ts";

/** The lines of a file with these bytes, and what ended them early. */
async function linesOf(...parts: (string | Uint8Array)[]) {
  const path = join(temporaryDirectory(), "shop.jsonl");
  writeFileSync(path, Buffer.concat(parts.map((part) => Buffer.from(part as string))));
  const lines: string[] = [];
  try {
    for await (const line of fileLines(path)) lines.push(line);
  } catch (error) {
    expect(error).toBeInstanceOf(TransferProblem);
    return { lines, problem: String(error) };
  }
  return { lines };
}

it("lines are whole however the file's parts fall on them, characters of several bytes included", async () => {
  // A part of a file is 64 KiB.
  const long = "ü🚗".repeat(30_000);
  const expected = ["a", "", long, `${long}x`, "ß"];
  expect(await linesOf(expected.join("\n"))).toEqual({ lines: expected });
  expect(await linesOf(`${expected.join("\n")}\n`)).toEqual({ lines: expected });
  expect(await linesOf("")).toEqual({ lines: [] });
});

it("a mark of the byte order, which some editors put first, is no part of a line", async () => {
  expect(await linesOf("\ufeffa\nb")).toEqual({ lines: ["a", "b"] });
});

it.each([
  ["the first", [Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x0a, 0x00)], 1],
  ["one in the middle", ["a\nb", Uint8Array.of(0xe9), "\nc\n"], 2],
  ["the last, torn within a character", ["a\nb\nc", Uint8Array.of(0xf0, 0x9f)], 3],
])("%s that is no UTF-8 is named by its number", async (_, parts, number) => {
  const { lines, problem } = await linesOf(...parts);
  expect(lines).toHaveLength(number - 1);
  expect(problem).toBe(`TransferProblem: line ${number}: it is not text in UTF-8`);
});

it("a file without an end of a line does not fill the memory", async () => {
  const { lines } = await linesOf("x".repeat(5_000_000));
  expect(lines).toHaveLength(1);
  expect(lines[0]?.length).toBeLessThan(1_200_000);
});
