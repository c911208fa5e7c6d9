import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { invoke, setVariables } from "../support/functions.ts";
import { apiUrl, aws, output } from "../support/site.ts";

const metricsSchema = z.looseObject({ _aws: z.object({}) });

/** The function as it was deployed, but for the address of its API, which is another one at the stand-in. */
async function callCanary(url: string) {
  const name = output("CanaryFunctionName");
  onTestFinished(await setVariables(aws, name, { CANARY_URL: url }));
  const { answer, log } = await invoke(aws, name);
  const lines = [...log.matchAll(/\{.*\}/g)].map(([line]) => JSON.parse(line));
  return { answer, log, metrics: lines.map((line) => metricsSchema.safeParse(line).data).find(Boolean) };
}

test("[AU1] the canary walks the whole path by its own role, its screen included, and says so as a metric", async () => {
  const { answer, log, metrics } = await callCanary(apiUrl);
  expect([answer, log]).toEqual([{ succeeded: true }, expect.not.stringContaining("canary failed")]);
  expect(metrics).toMatchObject({
    CanarySuccess: 1,
    CanaryDuration: expect.any(Number),
    CanaryPushLatency: expect.any(Number),
  });
});

test("a canary whose way is blocked says at which step, and its metric falls", async () => {
  const { answer, log, metrics } = await callCanary(`${apiUrl}/nowhere`);
  expect([answer, metrics]).toEqual([{ succeeded: false }, expect.objectContaining({ CanarySuccess: 0 })]);
  expect(log).toMatch(/"route":"canary","step":"createAppointment","status":\d{3}/);
});
