import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

const sealOf = (file: string): string => `${file}.closed`;

/** What no copy of a file shares with it: copying, unpacking and restoring all set the time of the inode's change. */
function identityOf(file: string): string {
  const { dev, ino, ctimeNs, size } = statSync(file, { bigint: true });
  return `${dev} ${ino} ${ctimeNs} ${size}`;
}

/** Notes beside a file that was just closed which one it is. */
export function seal(file: string): void {
  try {
    writeFileSync(sealOf(file), identityOf(file));
  } catch {
    // A full disk may refuse it: then the next start takes a new epoch, which is always right.
  }
}

/** Whether the file is the very one that was sealed, and not another that was put in its place; breaks the seal. */
export function breakSeal(file: string): boolean {
  try {
    const isSame = readFileSync(sealOf(file), "utf8") === identityOf(file);
    rmSync(sealOf(file));
    return isSame;
  } catch {
    return false;
  }
}
