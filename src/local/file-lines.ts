import { createReadStream } from "node:fs";
import { TransferProblem } from "../store/transfer/transfer-problem.ts";

/** More than any line of an export has; whoever reads the line says so. */
const lineMaxBytes = 1_048_576;
const newline = 0x0a;

/**
 * The lines of a file, one at a time; what is held is never more than a line and a part of the file. Throws a
 * TransferProblem when the file cannot be read, and at the first line that is no text in UTF-8.
 */
export async function* fileLines(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let number = 0;
  const textOf = (bytes: Uint8Array): string => {
    number++;
    try {
      return decoder.decode(bytes);
    } catch {
      throw new TransferProblem(`line ${number}: it is not text in UTF-8`);
    }
  };
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(path)) {
      const bytes = Buffer.concat([rest, chunk]);
      let start = 0;
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
        yield textOf(bytes.subarray(start, end));
        start = end + 1;
      }
      rest = bytes.subarray(start);
      // A file without lines must not fill the memory.
      if (rest.length > lineMaxBytes) break;
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw /^E[A-Z]+$/.test(code) ? new TransferProblem(`${path} cannot be read (${code})`) : error;
  }
  if (rest.length > 0) yield textOf(rest);
}
