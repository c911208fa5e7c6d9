/*
 * One instance of a function, as Lambda has them: a process of its own that imports the bundle when it is first named, and
 * calls its handler for each event. Started by fork, it is told `{ bundle, event }` and tells what came of it.
 */

/** What came of one event, in milliseconds; the import takes time with the first event alone. */
export interface Called {
  initMs: number;
  /** The processor's time of that, which a busy machine does not lengthen as much. */
  initCpuMs: number;
  callMs: number;
  result: unknown;
}

process.on("message", async ({ bundle, event }: { bundle: string; event?: object }) => {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const { handler } = await import(bundle);
  const importedAt = performance.now();
  const { user, system } = process.cpuUsage(cpuBefore);
  const result: unknown = event && (await handler(event));
  const callMs = performance.now() - importedAt;
  const called = { initMs: importedAt - startedAt, initCpuMs: (user + system) / 1_000, callMs, result };
  process.send?.(called satisfies Called);
});
