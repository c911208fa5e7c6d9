import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { routes } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { stack } from "../../perf/cost/model.ts";
import { emfMetrics, emfWriter, metricUnits, namespace } from "../../src/aws/emf.ts";
import { type Metric, metricsOf } from "../../src/aws/testing/metric-lines.ts";
import { objectives } from "../../src/runtime/objectives.ts";
import { type Alarm, type Read, readTemplate } from "./support/watched-template.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { alarms, dashboards, functions } = readTemplate(readFileSync(`${root}template.yaml`, "utf8"));
const runbook = readFileSync(`${root}docs/RUNBOOK.md`, "utf8");

const alarmNamed = (name: string): Alarm => {
  const alarm = alarms.get(name);
  if (alarm === undefined) throw new Error(`there is no alarm ${name}`);
  return alarm;
};
const keysOf = (dimensions: object) => Object.keys(dimensions).toSorted().join();
const everyRead: Read[] = [
  ...[...alarms.values()].flatMap(({ reads }) => reads),
  ...[...dashboards.values()].flatMap(({ reads }) => reads),
];

/** The metrics that the functions write, as names with the dimensions that they are kept under. */
function written(): Set<string> {
  const found: Metric[] = [];
  const write = (line: string) => void found.push(...metricsOf(line));
  const metrics = emfMetrics({ stage: "prod", clock: () => new Date(), write });
  for (const status of [200, 409, 503])
    metrics.request({ route: "moveAppointment", status, durationMs: 10_000, isConflict: status === 409 });
  metrics.request({ route: "liveMessage", status: 503, durationMs: 1, isConflict: false });
  metrics.published({ latencyMs: 1, revisions: 1, fanOut: { sent: 1, gone: 1, closed: 1 } });
  for (const how of ["fresh", "resumed", "refetched"] as const) metrics.subscribed(how);
  const canary = emfWriter({ stage: "prod", clock: () => new Date(), write });
  canary({ CanarySuccess: 1, CanaryDuration: 1, CanaryPushLatency: 1 });
  return new Set(found.flatMap(({ name, dimensions }) => dimensions.map((set) => `${name} ${keysOf(set)}`)));
}

/** What of AWS's own metrics is read, by the dimensions that AWS keeps them under. */
const ofAws: Record<string, readonly string[]> = {
  "AWS/Lambda FunctionName": ["Errors", "Throttles", "Duration", "Invocations", "IteratorAge"],
  "AWS/Lambda FunctionName,Resource": ["Errors"],
  "AWS/ApiGateway ApiId": ["5xx", "Count", "Latency", "ConnectCount", "MessageCount"],
  "AWS/SQS QueueName": ["ApproximateNumberOfMessagesVisible"],
  "AWS/DynamoDB TableName": ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"],
};

describe("an alarm", () => {
  it("[LV7] has a section of the runbook, and a section an alarm", () => {
    const sections = [...runbook.matchAll(/^### (.+)$/gm)].map(([, title = ""]) =>
      title.toLowerCase().replace(/ /g, "-"),
    );
    const named = [...alarms].map(([name, { description }]) => {
      const anchor = /\. docs\/RUNBOOK\.md#([a-z-]+)$/.exec(description)?.[1];
      expect(anchor, `${name}: ${description}`).toBeDefined();
      return anchor;
    });
    expect([...new Set(named)].toSorted()).toEqual(sections.toSorted());
  });

  it("[LV7] has a section that says what it means, where to look and what to do", () => {
    for (const section of runbook.split(/^### /m).slice(1))
      for (const words of ["**Means.**", "**Look here.**", "**Do this.**"]) expect(section).toContain(words);
  });

  it("[LV7] reaches somebody, and knows what silence means", () => {
    for (const [name, { actions, silence }] of alarms) {
      expect(actions, name).toEqual(["<AlarmTopic>"]);
      expect(silence, name).toBe(name === "CanaryAlarm" ? "breaching" : "notBreaching");
    }
  });

  it("[LV7] watches errors and throttles of each function that works", () => {
    const working = functions.filter((name) => name !== "PreTrafficFunction");
    expect(working.length).toBeGreaterThanOrEqual(11);
    for (const metric of ["Errors", "Throttles"]) {
      const judged = [...alarms.values()].filter((alarm) => alarm.reads[0]?.name === metric);
      const watched = judged.map((alarm) => alarm.reads[0]?.dimensions.FunctionName);
      expect(watched.toSorted()).toEqual(working.map((name) => `<${name}>`).toSorted());
      for (const { threshold, operator, periods, reads } of judged) {
        expect([threshold, operator, periods]).toEqual([1, "GreaterThanOrEqualToThreshold", 1]);
        expect(reads).toMatchObject([{ stat: "Sum", periodSeconds: 60 }]);
      }
    }
  });

  it.each([
    // name, metrics with their statistics, seconds, expression, comparison, threshold, periods
    ["SlowRequestsAlarm", "Latency p95, Count Sum", 300, "IF(requests >= 20, p95, 0)", ">", 800, 1],
    ["SlowSocketsAlarm", "Duration p95, Invocations Sum", 300, "IF(calls >= 20, p95, 0)", ">", 800, 1],
    ["ServerErrorsAlarm", "5xx Sum, Count Sum", 300, "100 * errors / requests", ">", 5, 1],
    ["SocketErrorsAlarm", "SocketErrors Sum", 300, undefined, ">=", 5, 1],
    ["IteratorAgeAlarm", "IteratorAge Maximum", 60, undefined, ">", 30_000, 2],
    ["DeadLettersAlarm", "ApproximateNumberOfMessagesVisible Maximum", 60, undefined, ">=", 1, 1],
    ["SetAsideAlarm", "ApproximateNumberOfMessagesVisible Maximum", 60, undefined, ">=", 1, 1],
    ["SlowPushesAlarm", "PushLatency p95, PushLatency SampleCount", 300, "IF(pushes >= 20, p95, 0)", ">", 500, 1],
    ["CanaryAlarm", "CanarySuccess Minimum", 300, undefined, "<", 1, 3],
  ] as const)(
    "[LV7] %s rings at its threshold",
    (name, metrics, seconds, expression, comparison, threshold, periods) => {
      const alarm = alarmNamed(name);
      expect(alarm.reads.map((read) => `${read.name} ${read.stat}`).join(", ")).toBe(metrics);
      for (const { periodSeconds } of alarm.reads) expect(periodSeconds).toBe(seconds);
      expect(alarm.expression).toBe(expression);
      expect(alarm.operator).toBe(
        { ">": "GreaterThanThreshold", ">=": "GreaterThanOrEqualToThreshold", "<": "LessThanThreshold" }[comparison],
      );
      expect([alarm.threshold, alarm.periods]).toEqual([threshold, periods]);
    },
  );

  it("[LV7] costs what docs/COST.md reckons with: each metric that it judges", () => {
    expect([...alarms.values()].flatMap(({ reads }) => reads)).toHaveLength(stack.alarmMetrics);
  });

  it("[LV7] watches both queues", () => {
    const queues = ["DeadLettersAlarm", "SetAsideAlarm"].map((name) => alarmNamed(name).reads[0]?.dimensions.QueueName);
    expect(queues).toEqual(["<DeadLetterQueue.QueueName>", "<SetAsideQueue.QueueName>"]);
  });
});

describe("the budgets", () => {
  const speeds = [
    ["Fast", 3_600, 14.4],
    ["Slow", 21_600, 6],
  ] as const;

  it.each(speeds)("[LV7] %s, over %i s, ring at a burn rate of %d", (speed, seconds, rate) => {
    const { slowShareMax, failedShareMax } = objectives;
    const routeOf = { Board: "getBoard", Stats: "getStats", Move: "moveAppointment" };
    expect(Object.values(routeOf).toSorted()).toEqual(Object.keys(objectives.withinMs).toSorted());
    for (const [name, Route] of Object.entries(routeOf)) {
      const alarm = alarmNamed(`${name}Budget${speed}Alarm`);
      expect(alarm.expression).toBe(`IF(requests >= 20, slow / ${slowShareMax}, 0)`);
      expect(alarm.reads).toEqual(
        ["Average", "SampleCount"].map((stat) => ({
          namespace,
          name: "Slow",
          dimensions: { Stage: "<Stage>", Route },
          stat,
          periodSeconds: seconds,
        })),
      );
      expect([alarm.threshold, alarm.operator, alarm.periods]).toEqual([rate, "GreaterThanOrEqualToThreshold", 1]);
    }
    const errors = alarmNamed(`ErrorsBudget${speed}Alarm`);
    expect(errors.expression).toBe(`IF(requests >= 20, errors / requests / ${failedShareMax}, 0)`);
    expect(errors.reads.map(({ name, stat, periodSeconds }) => [name, stat, periodSeconds])).toEqual([
      ["5xx", "Sum", seconds],
      ["Count", "Sum", seconds],
    ]);
    expect(errors.threshold).toBe(rate);
  });

  it("[LV7] are the promises of the product", () => {
    expect(objectives).toEqual({
      withinMs: { getBoard: 800, getStats: 500, moveAppointment: 400 },
      slowShareMax: 0.05,
      failedShareMax: 0.005,
    });
  });
});

describe("what alarms and dashboards read", () => {
  it("[HT6] is what the functions write, under the dimensions by which they write it", () => {
    const known = written();
    const ours = everyRead.filter((read) => read.namespace === namespace);
    expect(ours.length).toBeGreaterThan(20);
    for (const { name, dimensions } of ours) {
      expect([...known]).toContain(`${name} ${keysOf(dimensions)}`);
      expect(dimensions.Stage).toBe("<Stage>");
      if (dimensions.Route !== undefined && dimensions.Route !== "*")
        expect(Object.keys(routes)).toContain(dimensions.Route);
    }
  });

  it("[HT6] is everything that the functions write", () => {
    const read = new Set(everyRead.map(({ name }) => name));
    for (const name of Object.keys(metricUnits)) expect([...read]).toContain(name);
  });

  it("[HT6] is otherwise what AWS writes", () => {
    for (const { namespace: of, name, dimensions } of everyRead.filter((read) => read.namespace !== namespace))
      expect(ofAws[`${of} ${keysOf(dimensions)}`], `${of} ${name} ${keysOf(dimensions)}`).toContain(name);
  });

  it("[LV7] is on two dashboards, one of them with what is left of each budget", () => {
    expect([...dashboards.keys()]).toEqual(["FloorDashboard", "PromisesDashboard"]);
    const left = dashboards
      .get("PromisesDashboard")
      ?.expressions.filter((expression) => expression.startsWith("100 * (1 - "));
    const { slowShareMax, failedShareMax } = objectives;
    expect(left).toEqual([
      ...Object.keys(objectives.withinMs).map(() => `100 * (1 - slow / ${slowShareMax})`),
      `100 * (1 - errors / requests / ${failedShareMax})`,
    ]);
  });
});
