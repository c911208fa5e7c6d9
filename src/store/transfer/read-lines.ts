import type * as z from "zod";
import {
  anyHeaderSchema,
  endSchema,
  headerSchema,
  recordSchema,
  type TransferRecord,
  transferVersion,
} from "./records.ts";
import { TransferProblem } from "./transfer-problem.ts";

/** No line of an export is longer: a card has 8 KB, a shop 50 technicians. */
const lineMaxCharacters = 262_144;

/** Hears what a file holds, line by line. What it throws as a TransferProblem gets the number of the line. */
export interface TransferSink {
  begin: (shopId: string) => void;
  add: (record: TransferRecord) => void;
}

/**
 * Reads an export to its last line. Throws a TransferProblem with the number of the first line that is not right, also
 * when the end is missing.
 */
export async function readLines(lines: AsyncIterable<string>, sink: TransferSink): Promise<void> {
  let number = 0;
  let shopId: string | undefined;
  let records = 0;
  let isOver = false;
  for await (const line of lines) {
    number++;
    // `npm run export > file` puts npm's own words before the first line.
    if (shopId === undefined && (line.trim() === "" || line.startsWith("> "))) continue;
    at(number, () => {
      const value = parseLine(line);
      if (shopId === undefined) {
        shopId = headerOf(value).shop;
        sink.begin(shopId);
      } else if (isOver) throw new TransferProblem("there is more after the end");
      else if (endSchema.safeParse(value).success) {
        isOver = true;
        if (endSchema.parse(value).records !== records)
          throw new TransferProblem(`${records} records came before it, but it counts others: lines are missing`);
      } else {
        const record = parsed(recordSchema, value);
        if (record.kind === "shop" && record.item.shop.id !== shopId)
          throw new TransferProblem(`it is about the shop ${record.item.shop.id}, the file about ${shopId}`);
        records++;
        sink.add(record);
      }
    });
  }
  if (shopId === undefined) throw new TransferProblem("the file is empty");
  if (!isOver) throw new TransferProblem(`the file ends after line ${number}, before its last line: it is torn`);
}

function at(number: number, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof TransferProblem) throw new TransferProblem(`line ${number}: ${error.message}`);
    throw error;
  }
}

function parseLine(line: string): unknown {
  if (line.length > lineMaxCharacters) throw new TransferProblem("it is too long");
  try {
    return JSON.parse(line);
  } catch {
    throw new TransferProblem("it is not JSON");
  }
}

function headerOf(value: unknown) {
  const header = anyHeaderSchema.safeParse(value);
  if (!header.success) throw new TransferProblem("it does not begin an export of a shop");
  if (header.data.version !== transferVersion)
    throw new TransferProblem(`the file has version ${header.data.version}, this program knows ${transferVersion}`);
  return parsed(headerSchema, value);
}

/** Says which field is wrong and why, and never what stands in it, which may be a customer's. */
function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join(".") ?? "";
  throw new TransferProblem(`${path === "" ? "it" : path} is not right (${issue?.code ?? "unknown"})`);
}
