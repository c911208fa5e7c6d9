import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createLogger } from "../runtime/logger.ts";
import { repeat } from "./repeat.ts";

const lines: string[] = [];
const logger = createLogger({ level: "info", release: "1", destination: { write: (line) => void lines.push(line) } });

beforeEach(() => {
  lines.length = 0;
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

/** Work that ends when the test says so. */
function controlled() {
  const under: PromiseWithResolvers<void>[] = [];
  const work = () => {
    const run = Promise.withResolvers<void>();
    under.push(run);
    return run.promise;
  };
  return { under, work };
}

it("[CA5] does its work at once, and again after each interval", async () => {
  const work = vi.fn(async () => {});
  const task = repeat("task", 5_000, work, logger);
  expect(work).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(work).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(work).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(work).toHaveBeenCalledTimes(4);
  await task.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(work).toHaveBeenCalledTimes(4);
  expect(lines).toEqual([]);
});

it("[CA5] never works twice at once, however long it takes", async () => {
  const { under, work } = controlled();
  const task = repeat("task", 5_000, work, logger);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(under).toHaveLength(1);
  under[0]?.resolve();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(under).toHaveLength(2);
  under[1]?.resolve();
  await task.stop();
});

it("[CA5] logs what failed and tries it the next time, thrown at once or later", async () => {
  const work = vi
    .fn<() => Promise<void>>()
    .mockRejectedValueOnce(new Error("no database"))
    .mockImplementationOnce(() => {
      throw new Error("no disk");
    })
    .mockResolvedValue();
  const task = repeat("carry-over", 5_000, work, logger);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(work).toHaveBeenCalledTimes(3);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: "error", task: "carry-over", err: { message: "no database" } },
    { level: "error", task: "carry-over", err: { message: "no disk" } },
  ]);
  await task.stop();
});

it("[CA5] logs each of several problems of one run", async () => {
  const problems = new AggregateError([new Error("north"), new Error("south")], "two shops");
  const task = repeat("carry-over", 5_000, () => Promise.reject(problems), logger);
  await task.stop();
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    err: {
      message: expect.stringContaining("two shops"),
      aggregateErrors: [{ message: "north" }, { message: "south" }],
    },
  });
});

it("[CA5] a stop waits for the work under way, and begins none", async () => {
  const { under, work } = controlled();
  const task = repeat("task", 5_000, work, logger);
  let isStopped = false;
  const stopping = task.stop().then(() => {
    isStopped = true;
  });
  await vi.advanceTimersByTimeAsync(20_000);
  expect([isStopped, under.length]).toEqual([false, 1]);
  under[0]?.resolve();
  await stopping;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(under).toHaveLength(1);
});
