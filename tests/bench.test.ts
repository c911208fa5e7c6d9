import { describe, expect, it } from "vitest";
import { operations } from "../perf/cost/model.ts";
import { thirdsOf } from "../perf/memory.ts";
import { runCommand } from "../scripts/testing/run-command.ts";

const flags = ["--disable-warning=ExperimentalWarning", "--conditions=source", "perf/bench.ts"];
const bench = (...args: string[]) => runCommand(process.execPath, [...flags, ...args]);

describe("npm run bench", { timeout: 240_000 }, () => {
  it("tells what the functions read and write, which is what the costs are reckoned with", async () => {
    const { code, out, err } = await bench("0.1", "capacity");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^Node v24.+ 0\.1 s a figure, signed in as a paired device\n/);
    expect(out).toContain(
      `\n| move, ${operations.move.calls} calls, read | ${operations.move.read} | 2 allowed | 1.00 |`,
    );
    expect(out).toContain(`\n| move, written | ${operations.move.written} | 5 allowed | 0.80 |`);
    expect(out).toContain(`\n| board, ${operations.board.calls} calls, read | 6 | 6 allowed | 1.00 |`);
    expect(out).toContain(`\n| ticket, ${operations.ticket.calls} calls, read | ${operations.ticket.read} |`);
  });

  it("watches the memory of one machine with its screens, as long as it is told", async () => {
    const { code, out, err } = await bench("memory", "--minutes", "0.1");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("### Memory of one machine with 500 screens, over 0.1 min");
    expect(out.match(/^\| 0\.\d\d \| [\d.]+ MB \| [\d.]+ MB \|$/gm)?.length).toBeGreaterThan(5);
    expect(out).toMatch(/^\| resident \| [\d.]+ MB \| [\d.]+ MB \| [01]\.\d\d \| <= 1\.05 \|$/m);
  });

  it("says how it is used", async () => {
    expect(await bench("--help")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^usage: npm run bench/),
      err: "",
    });
    for (const args of [["0"], ["3", "everything"], ["memory", "--minutes", "x"], ["--fast"]])
      expect(await bench(...args), args.join(" ")).toMatchObject({
        ...{ code: 2, out: "" },
        err: expect.stringMatching(/^usage: npm run bench/),
      });
  });
});

it("holds the last third of a life against its first, and leaves its warming up out", () => {
  expect(thirdsOf([500, 10, 20, 30, 40, 50, 60, 70, 80, 90])).toEqual({ first: 20, last: 80, count: 9 });
  expect(thirdsOf([1, 2])).toBeUndefined();
});
