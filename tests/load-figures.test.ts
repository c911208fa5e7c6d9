import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { slicesOf } from "../perf/load/read-k6.ts";

describe("the load's own figures", () => {
  it("holds k6 to the SLOs that the report judges, and to the targets of the product", () => {
    const slos = z
      .array(z.object({ id: z.string(), metric: z.string(), target: z.number() }))
      .parse(JSON.parse(readFileSync("perf/load/slo.json", "utf8")));
    const targets = Object.fromEntries(slos.map(({ id, target }) => [id, target]));
    expect(targets).toMatchObject({ board: 800, stats: 500, move: 400, errors: 0.5, lost: 0, reconnect: 5_000 });
    const script = ["status-board", "requests", "screens", "user"]
      .map((name) => readFileSync(`perf/load/k6-${name}.js`, "utf8"))
      .join("\n");
    expect(script).toContain('open("./slo.json")');
    for (const { metric } of slos.filter(({ id }) => id !== "unsent"))
      expect(script).toMatch(new RegExp(`new (Trend|Rate|Counter)\\("${metric}"\\)`));
  });

  it("slices a run by what its log says, and passes over other words", () => {
    const log = "0 board 200 4\n10 board 200 2\n1200 board 503 9\nno such line\n1300 move 409 7\n";
    expect(slicesOf(log)).toEqual([
      { second: 0, operation: "board", count: 2, p50: 4, p95: 4 },
      { second: 1, operation: "board", count: 1, p50: 9, p95: 9 },
      { second: 1, operation: "move", count: 1, p50: 7, p95: 7 },
    ]);
  });
});
