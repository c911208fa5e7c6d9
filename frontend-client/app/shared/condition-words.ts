import type { Readiness } from "@status-board/contracts";
import { minutesInWords } from "./format.ts";

type Warning = NonNullable<Readiness["warnings"]>[number];

/** How a server that keeps its data itself says that they fare. */
export interface ConditionWords {
  /** What somebody has to do something about, the gravest first; none when all is well. */
  warnings: readonly string[];
  /** How old the newest backup is, for whoever wants to know. */
  backup: string;
}

/** Room in words: "300 MB", "76 GB". */
export function roomInWords(bytes: number): string {
  const [megabyte, gigabyte] = [1_048_576, 1_073_741_824];
  return bytes < gigabyte ? `${Math.floor(bytes / megabyte)} MB` : `${Math.floor(bytes / gigabyte)} GB`;
}

/** What /ready says of its data, in words; undefined where somebody else keeps them. */
export function conditionWords({ warnings, backupAgeSeconds, diskFreeBytes }: Readiness): ConditionWords | undefined {
  if (warnings === undefined) return undefined;
  const age = backupAgeSeconds === undefined ? undefined : `${minutesInWords(Math.floor(backupAgeSeconds / 60))} ago`;
  const last = age === undefined ? "There is none yet." : `The last one was made ${age}.`;
  const free = diskFreeBytes === undefined ? "" : `: ${roomInWords(diskFreeBytes)} free`;
  const sentences: Readonly<Record<Warning, string>> = {
    backup_failed: `The backup failed. ${last} Check its folder and disk.`,
    backup_old: `The last backup was made ${age}. Check its folder and disk.`,
    disk_low: `The board's disk is nearly full${free}. Make room on it.`,
    clock_changed: "The board's clock was set. Check its date and time.",
  };
  // Why there is none says more than how old the last one is.
  const told = warnings.filter((one) => one !== "backup_old" || !warnings.includes("backup_failed"));
  return {
    warnings: order.filter((one) => told.includes(one)).map((one) => sentences[one]),
    backup: age === undefined ? "No backup yet. The first is made tonight." : `Last backup ${age}`,
  };
}

const order: readonly Warning[] = ["disk_low", "backup_failed", "backup_old", "clock_changed"];
