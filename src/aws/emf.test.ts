import { describe, expect, it } from "vitest";
import { emfMetrics, namespace } from "./emf.ts";
import { metricsOf } from "./testing/metric-lines.ts";

const clock = () => new Date("2031-03-03T08:00:00.000Z");

/** What one call writes, as names and values, under which dimensions. */
function written(count: (metrics: ReturnType<typeof emfMetrics>) => void) {
  const lines: string[] = [];
  const metrics = emfMetrics({ stage: "dev", clock, write: (line) => void lines.push(line) });
  metrics.request({ route: "liveMessage", status: 200, durationMs: 1, isConflict: false });
  const start = lines.splice(0);
  count(metrics);
  const found = lines.flatMap(metricsOf);
  return {
    lines,
    start: start.flatMap(metricsOf),
    values: Object.fromEntries(found.map(({ name, value }) => [name, value])),
    dimensions: found.map((metric) => metric.dimensions),
    found,
  };
}

const answered = { route: "getShop", status: 200, durationMs: 12.5, isConflict: false };
const request = (more: Partial<typeof answered>) => written((metrics) => metrics.request({ ...answered, ...more }));

describe("a line of metrics", () => {
  it("[HT6] is one line in the embedded metric format, by stage and by stage and route, and holds nothing else", () => {
    const { lines, found } = request({});
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      _aws: expect.objectContaining({ Timestamp: clock().getTime() }),
      Stage: "dev",
      Route: "getShop",
      Duration: 12.5,
    });
    const dimensions = [{ Stage: "dev" }, { Stage: "dev", Route: "getShop" }];
    expect(found).toEqual([{ namespace, name: "Duration", unit: "Milliseconds", value: 12.5, dimensions }]);
  });

  it("[HT6] tells of a cold start with the first thing done, and never again", () => {
    const { start, found } = request({});
    expect(start).toEqual([{ namespace, name: "ColdStarts", unit: "Count", value: 1, dimensions: [{ Stage: "dev" }] }]);
    expect(found.map(({ name }) => name)).not.toContain("ColdStarts");
  });

  it("[HT6] knows whose fault a failure is, and a conflict", () => {
    expect(request({ status: 404 }).values).toEqual({ Duration: 12.5, ClientErrors: 1 });
    expect(request({ status: 503 }).values).toEqual({ Duration: 12.5, ServerErrors: 1 });
    expect(request({ status: 409, isConflict: true }).values).toEqual({
      Duration: 12.5,
      ClientErrors: 1,
      Conflicts: 1,
    });
  });

  it.each([
    ["getBoard", 800],
    ["getStats", 500],
    ["moveAppointment", 400],
  ])("[HT6] calls %s slow beyond %i ms", (route, withinMs) => {
    expect(request({ route, durationMs: withinMs }).values).toEqual({ Duration: withinMs, Slow: 0 });
    expect(request({ route, durationMs: withinMs + 1 }).values).toEqual({ Duration: withinMs + 1, Slow: 1 });
  });

  it("[HT6] says nothing of the kind of a route that promises nothing", () => {
    expect(request({ route: "getPage", durationMs: 60_000 }).values).toEqual({ Duration: 60_000 });
  });

  it("[WS4] of a socket's events those alone that failed by our fault", () => {
    expect(request({ route: "liveMessage" }).lines).toEqual([]);
    expect(request({ route: "liveConnect", status: 401 }).lines).toEqual([]);
    expect(request({ route: "liveMessage", status: 503 }).values).toEqual({ SocketErrors: 1 });
  });

  it("[LV8] tells of a push how many screens it went to, how long it took, and who was lost", () => {
    const fanOut = { sent: 7, gone: 2, closed: 1 };
    const push = written((metrics) => metrics.published({ latencyMs: 80, revisions: 1, fanOut }));
    expect(push.values).toEqual({ FanOut: 10, PushLatency: 80, Gone: 2, Closed: 1 });
    expect(push.dimensions).toEqual(push.found.map(() => [{ Stage: "dev" }]));
    const unseen = written((m) => m.published({ revisions: 1, fanOut: { sent: 0, gone: 0, closed: 0 } }));
    expect(unseen.values).toEqual({ FanOut: 0 });
  });

  it("[WS5] tells how subscriptions begin", () => {
    const began = (how: "fresh" | "resumed" | "refetched") => written((metrics) => metrics.subscribed(how)).values;
    expect(began("fresh")).toEqual({ Subscriptions: 1 });
    expect(began("resumed")).toEqual({ Subscriptions: 1, Resumes: 1 });
    expect(began("refetched")).toEqual({ Subscriptions: 1, Refetches: 1 });
  });
});
