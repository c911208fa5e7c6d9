import { readFileSync } from "node:fs";

const headerBytes = 32;
const frameHeaderBytes = 24;

/** How many transactions stand in a database's write-ahead log (https://sqlite.org/fileformat2.html#walformat). */
export function commitsIn(file: string): number {
  const log = readFileSync(`${file}-wal`);
  const frameBytes = frameHeaderBytes + log.readUInt32BE(8);
  let commits = 0;
  for (let frame = headerBytes; frame + frameBytes <= log.length; frame += frameBytes) {
    const databasePagesAfterCommit = log.readUInt32BE(frame + 4);
    if (databasePagesAfterCommit > 0) commits++;
  }
  return commits;
}
