import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalEnvironment } from "../runtime/environment.ts";
import { importShop as importIntoTable } from "../store/dynamodb/import-shop.ts";
import { exportShop } from "../store/sqlite/export-shop.ts";
import { type Imported, importShop } from "../store/sqlite/import-shop.ts";
import { fileLines } from "./file-lines.ts";
import { connectDynamo } from "./open-dynamo-store.ts";

/**
 * Checks a whole file by bringing it into an empty database of its own in the temporary folder, and then writes to DynamoDB
 * what came into that: a table knows no transaction as large as a shop.
 */
export async function importIntoDynamo(
  environment: LocalEnvironment,
  path: string,
  { newId, now }: { newId: () => string; now: Date },
): Promise<Imported> {
  const directory = mkdtempSync(join(tmpdir(), "status-board-import-"));
  const file = join(directory, "board.sqlite");
  const hash = createHash("sha256");
  try {
    const imported = await importShop({ file, lines: hashed(fileLines(path), hash), newId, now });
    const { client, names } = await connectDynamo(environment);
    try {
      const options = { client, ...names, newId, now: () => new Date() };
      const records = exportShop(file, imported.shopId);
      await importIntoTable(options, imported.shopId, { records, fileHash: hash.digest("hex") });
    } finally {
      client.destroy();
    }
    return imported;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function* hashed(lines: AsyncIterable<string>, hash: { update: (text: string) => unknown }) {
  for await (const line of lines) {
    hash.update(`${line}\n`);
    yield line;
  }
}
