import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory for a database, whose disk can be full for a while. */
export interface Disk {
  directory: string;
  /** How it becomes full, for the report. */
  kind: string;
  /** Leaves no room for the process that writes there. */
  fill: (pid: number) => void;
  free: (pid: number) => void;
  remove: () => void;
}

/** A file system of its own in memory where this process may mount one; else a limit on the size of each file. */
export function openDisk(megabytes: number): Disk {
  const directory = mkdtempSync(join(tmpdir(), "status-board-soak-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", directory], { stdio: "ignore" });
    return mountedDisk(directory);
  } catch {
    return limitedDisk(directory);
  }
}

function mountedDisk(directory: string): Disk {
  const ballast = join(directory, "ballast");
  return {
    directory,
    kind: "a file system of its own, filled to the last page",
    fill: () => {
      const file = openSync(ballast, "w");
      for (const bytes of [1_048_576, 4_096])
        try {
          for (const page = Buffer.alloc(bytes); ; ) writeSync(file, page);
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
        }
      closeSync(file);
    },
    free: () => rmSync(ballast),
    remove: () => {
      execFileSync("umount", [directory]);
      rmSync(directory, { recursive: true });
    },
  };
}

function limitedDisk(directory: string): Disk {
  const limit = (pid: number, soft: string) =>
    execFileSync("prlimit", ["--pid", String(pid), `--fsize=${soft}:unlimited`]);
  return {
    directory,
    kind: "a limit of the process that lets no file grow",
    fill: (pid) => limit(pid, "1"),
    free: (pid) => limit(pid, "unlimited"),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
