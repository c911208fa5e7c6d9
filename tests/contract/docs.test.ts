import { readFileSync } from "node:fs";
import { join } from "node:path";
import { conflictReasonSchema, errorStatus, failureSchema } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { limits } from "../../contracts/limits.ts";
import { byeCodes, closeCodeOf, liveErrorCodes } from "../../contracts/live.ts";
import { protocolHistory } from "../../contracts/version.ts";

const read = (name: string) => readFileSync(join(import.meta.dirname, "../../docs", name), "utf8");

/** The cells of the table whose header begins with these columns. */
function tableOf(page: string, ...columns: string[]): string[][] {
  const lines = page.split("\n");
  const header = lines.findIndex((line) => line.startsWith(`| ${columns.join(" | ")} |`));
  expect(header, columns.join()).toBeGreaterThanOrEqual(0);
  const rows = lines.slice(header + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith("|")),
    )
    .map((row) =>
      row
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
}

describe("docs/ERRORS.md", () => {
  const page = read("ERRORS.md");

  it("[HT2] lists every code with its status, in the contract's order", () => {
    const rows = tableOf(page, "code", "status", "what happened", "what to do");
    expect(rows.map(([code, status]) => [code, Number(status)])).toEqual(Object.entries(errorStatus));
    for (const row of rows) expect(row.filter((cell) => cell === "")).toEqual([]);
  });

  it("[HT2] lists every reason of a conflict", () => {
    expect(tableOf(page, "reason").map(([reason]) => reason)).toEqual(conflictReasonSchema.options);
  });

  it("[HT2] shows failures as they come", () => {
    const samples = [...page.matchAll(/^```json\n(.*?)^```$/gms)].map(([, text = ""]): unknown => JSON.parse(text));
    expect(samples.length).toBeGreaterThan(4);
    for (const sample of samples) expect(failureSchema.parse(sample)).toEqual(sample);
  });

  it("[WS4] [WS6] lists what a socket tells, and by which code it closes", () => {
    const live = page.slice(page.indexOf("## On a socket"));
    expect(tableOf(live, "code", "what happened").map(([code]) => code)).toEqual(liveErrorCodes);
    const byes = tableOf(live, "code", "close code");
    expect(byes.map(([code, close]) => [code, Number(close)])).toEqual(
      byeCodes.map((code) => [code, closeCodeOf(code)]),
    );
  });

  it("names the limits that hold", () => {
    expect(page).toContain(`larger than ${limits.requestBodyMaxBytes / 1_024} KB`);
    expect(page).toContain(`larger than ${limits.clientMessageMaxBytes / 1_024} KB`);
    expect([limits.clientErrorsMax, limits.clientMessagesWindowMs]).toEqual([10, 10_000]);
  });
});

describe("docs/PROTOCOL.md", () => {
  it("[HT7] tells the history of the protocol as the contract does", () => {
    const rows = tableOf(read("PROTOCOL.md"), "version", "release", "changes");
    expect(rows).toEqual(protocolHistory.map(({ version, release, changes }) => [String(version), release, changes]));
  });
});
