import { expect, test, vi } from "vitest";
import { readPreTrafficEnvironment } from "../runtime/pre-traffic-environment.ts";
import { beforeTraffic, type CheckPorts } from "./check-versions.ts";

const targets = { http: ["board:7", "health:3"], live: ["live:2"], publisher: ["publisher:9"] };
const environment = readPreTrafficEnvironment({ RELEASE: "2.0.0", PRE_TRAFFIC_TARGETS: JSON.stringify(targets) });
const hook = { DeploymentId: "d-1", LifecycleEventHookExecutionId: "e-1" };

const good: Record<string, unknown> = {
  "board:7": { statusCode: 403, headers: { "x-release": "2.0.0" }, body: "{}" },
  "health:3": { statusCode: 404, headers: { "x-release": "2.0.0" }, body: "{}" },
  "live:2": { statusCode: 200 },
  "publisher:9": { batchItemFailures: [] },
};

/** Functions that answer as given; what is reported, and who was called. */
function functionsThat(answers: Record<string, unknown>, failing: readonly string[] = []) {
  const report = vi.fn<CheckPorts["report"]>(async () => {});
  const invoke = vi.fn<CheckPorts["invoke"]>(async (version) => ({
    failed: failing.includes(version),
    text: JSON.stringify(answers[version]),
  }));
  return { report, invoke };
}

test("a release whose versions all answer as it may have traffic", async () => {
  const ports = functionsThat(good);
  await beforeTraffic(environment, ports)(hook);
  expect(ports.report.mock.calls).toEqual([[hook, "Succeeded"]]);
  expect(ports.invoke.mock.calls.map(([version]) => version).toSorted()).toEqual(Object.keys(good).toSorted());
});

test.each([
  ["answers as another release", { "board:7": { statusCode: 200, headers: { "x-release": "1.0.0" } } }],
  ["answers with a failure of its own", { "health:3": { statusCode: 500, headers: { "x-release": "2.0.0" } } }],
  ["does not take the end of a connection", { "live:2": { statusCode: 500 } }],
  ["wants an empty batch again", { "publisher:9": { batchItemFailures: [{ itemIdentifier: "1" }] } }],
  ["answers nothing", { "publisher:9": undefined }],
])("a version that %s gets no traffic", async (_what, bad) => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const ports = functionsThat({ ...good, ...bad });
  await beforeTraffic(environment, ports)(hook);
  expect(ports.report.mock.calls).toEqual([[hook, "Failed"]]);
  expect(log.mock.calls.join()).toContain(Object.keys(bad)[0]);
  log.mockRestore();
});

test("a version that throws gets no traffic, and neither does one that cannot be called", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const throwing = functionsThat(good, ["live:2"]);
  await beforeTraffic(environment, throwing)(hook);
  expect(throwing.report.mock.calls).toEqual([[hook, "Failed"]]);
  const away = { ...functionsThat(good), invoke: () => Promise.reject(new Error("no permission")) };
  await beforeTraffic(environment, away)(hook);
  expect(away.report.mock.calls).toEqual([[hook, "Failed"]]);
  log.mockRestore();
});

test("a start without versions to call says so in one line", () => {
  expect(() => readPreTrafficEnvironment({ RELEASE: "2.0.0", PRE_TRAFFIC_TARGETS: "[]" })).toThrow(
    /PRE_TRAFFIC_TARGETS/,
  );
});
