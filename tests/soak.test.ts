import type { Appointment } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { type Acknowledged, auditCard } from "../perf/soak/audit.ts";
import { memoryOf } from "../perf/soak/keeper.ts";
import { runCommand } from "../scripts/testing/run-command.ts";

const flags = ["--disable-warning=ExperimentalWarning", "--conditions=source", "perf/soak.ts"];
const soak = (...args: string[]) => runCommand(process.execPath, [...flags, ...args]);

describe("npm run soak", { timeout: 120_000 }, () => {
  it("[MV4] [LV7] a day in fast motion with kills, cuts and a full disk: nothing lost, nothing doubled, all screens equal", async () => {
    const { code, out, err } = await soak("--seconds", "20");
    expect(`${err}${out}`).not.toContain("FAILED");
    expect(out).toMatch(/^\d{2,} writes acknowledged on \d+ cards, \d+ of them after being sent again\n/);
    expect(out).toMatch(/unavailable \d+/);
    expect(out).toMatch(/^2 kills, \d+ connections cut, 1 times a full disk/m);
    expect(out).toContain("12 screens compared\n");
    expect(out).toMatch(/MB in its first third, [\d.]+ MB in its last/);
    expect(out.trimEnd().split("\n").at(-1)).toBe("nothing lost, nothing doubled, all screens equal");
    expect(code).toBe(0);
  });

  it("says how it is used", async () => {
    expect(await soak("--help")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^usage: npm run soak/),
      err: "",
    });
    for (const args of [[], ["--minutes", "x"], ["--seconds", "1"], ["--fast"]])
      expect(await soak(...args)).toMatchObject({ code: 2, out: "", err: expect.stringMatching(/^usage: /) });
  });
});

describe("the audit", () => {
  const id = "01K00000000000000000000001";
  const at = "2031-03-03T09:00:00.000Z";
  const by = { id: "owner", name: "Owner" };
  const wrote = (version: number, change: Acknowledged["change"], status?: Appointment["status"]): Acknowledged => ({
    ...{ id, version, change, tries: 1 },
    ...(status && { status }),
  });
  const day = [wrote(1, "created", "scheduled"), wrote(2, "moved", "ready"), wrote(3, "edited", "ready")];
  const history = [
    { version: 1, at, by, change: "created" as const },
    { version: 2, at, by, change: "moved" as const, from: "scheduled" as const, to: "ready" as const },
    { version: 3, at, by, change: "edited" as const },
  ];
  const card = (version: number, status: Appointment["status"] = "ready"): Appointment => ({
    ...{ id, version, status, date: "2031-03-03", rank: "A", start: at, end: at, services: [], vehicle: {} },
    ...{ customer: { name: "Zoë Quandt" }, totalCents: 0, paidCents: 0, createdAt: at, updatedAt: at, updatedBy: by },
  });
  const audit = (stored: Parameters<typeof auditCard>[2], writes = day) => auditCard(id, writes, stored).join("; ");

  it("finds nothing where all is told once, and lets the store move neighbours apart", () => {
    expect(audit({ card: card(3), history })).toBe("");
    const respaced = { version: 4, at, by, change: "respaced" as const };
    expect(audit({ card: card(4), history: [...history, respaced] })).toBe("");
    const repeated = { ...wrote(4, "edited", "ready"), tries: 2 };
    expect(audit({ card: card(4), history: [...history, respaced] }, [...day.slice(0, 2), repeated])).toBe("");
    expect(audit({ removedAt: 4 }, [...day, wrote(4, "removed")])).toBe("");
    expect(audit(undefined, [])).toBe("");
  });

  it("[MV4] finds what was lost", () => {
    expect(audit({ card: card(2), history: history.slice(0, 2) })).toContain("lost, edited at version 3");
    expect(audit(undefined)).toContain("lost, version 3");
    expect(audit({ card: card(3), history: history.slice(0, 2) })).toContain("version 3 has no history");
    expect(audit({ removedAt: 4 })).toContain("nobody was told so");
    expect(audit({ card: card(3, "scheduled"), history })).toContain("in scheduled, last acknowledged in ready");
  });

  it("[MV4] finds what was doubled", () => {
    const again = { version: 4, at, by, change: "moved" as const };
    expect(audit({ card: card(4), history: [...history, again] })).toContain("doubled, version 4 (moved)");
    expect(audit({ card: card(3), history }, [...day, wrote(2, "moved", "ready")])).toContain(
      "two answers name version 2",
    );
    expect(audit({ removedAt: 6 }, [...day, wrote(5, "removed")])).toContain("removed at version 6, acknowledged at 5");
  });

  it("compares the memory of the last life alone", () => {
    const life = (number: number, ...megabytes: number[]) =>
      megabytes.map((value) => ({ life: number, megabytes: value }));
    const samples = [...life(1, 500, 600), ...life(2, 10, 100, 100, 100, 105, 105, 110, 120, 120, 120)];
    expect(memoryOf(samples)).toEqual({ first: 100, last: 120, seconds: 4.5 });
    expect(memoryOf(life(1, 1))).toBeUndefined();
  });
});
