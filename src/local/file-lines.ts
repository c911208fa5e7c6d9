import { createReadStream } from "node:fs";
import { TransferProblem } from "../store/transfer/transfer-problem.ts";

/** More than any line of an export has; whoever reads the line says so. */
const lineMaxCharacters = 1_048_576;

/** The lines of a file, one at a time. Throws a TransferProblem when it cannot be read. */
export async function* fileLines(path: string): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const chunk of createReadStream(path, "utf8")) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
      // A file without lines must not fill the memory.
      if (rest.length > lineMaxCharacters) break;
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw /^E[A-Z]+$/.test(code) ? new TransferProblem(`${path} cannot be read (${code})`) : error;
  }
  if (rest !== "") yield rest;
}
