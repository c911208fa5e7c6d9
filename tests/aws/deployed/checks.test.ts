import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { pythonPrograms } from "../support/python.ts";
import { root, run } from "../support/run.ts";

/** The first start installs checkov. */
const installMaxMs = 240_000;

test("cfn-lint, which knows AWS' own schemas and expands the template as SAM does, finds nothing", async () => {
  const { code, out, err } = await run(join(inject("programs"), "cfn-lint"), [join(root, "template.yaml")]);
  expect(out + err).toBe("");
  expect(code).toBe(0);
});

test("checkov finds nothing but what .checkov.yaml allows with a reason", { timeout: installMaxMs }, async () => {
  const programs = await pythonPrograms("checkov-requirements.txt");
  const options = ["--file", "template.yaml", "--config-file", ".checkov.yaml", "--skip-download", "--output", "json"];
  const { code, out } = await run(join(programs, "checkov"), options);
  const { summary, results } = JSON.parse(out);
  expect(results.failed_checks).toEqual([]);
  expect(summary.passed).toBeGreaterThan(100);
  expect(code).toBe(0);
});
