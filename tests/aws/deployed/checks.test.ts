import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { functions } from "../../../scripts/build-aws.ts";
import { region } from "../support/emulator.ts";
import { pythonPrograms } from "../support/python.ts";
import { root, run } from "../support/run.ts";

/** The first start installs what these tests call; and linters take long where others work, too. */
const installMaxMs = 600_000;
vi.setConfig({ testTimeout: installMaxMs });
let programs: string;
beforeAll(async () => {
  programs = await pythonPrograms("sam-requirements.txt");
}, installMaxMs);

const template = ["--template-file", "template.yaml"];
/** The SAM CLI, which asks nobody for what it does here. */
const sam = (...args: string[]) =>
  run(join(programs, "sam"), args, { SAM_CLI_TELEMETRY: "0", AWS_DEFAULT_REGION: region });

test("cfn-lint, which knows AWS' own schemas and expands the template as SAM does, finds nothing", async () => {
  const { code, out, err } = await run(join(programs, "cfn-lint"), ["template.yaml"]);
  expect([code, out + err]).toEqual([0, ""]);
});

test("sam validate --lint takes the template", async () => {
  const { code, out, err } = await sam("validate", "--lint", ...template);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("is a valid SAM Template");
});

const builtSchema = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.looseObject({}).default({}) })),
});
const codeSchema = z.object({ CodeUri: z.string() });

test("sam build leaves each function the bundle of npm run build:aws", async () => {
  const directory = await mkdtemp(join(tmpdir(), "status-board-sam-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const { code, out } = await sam("build", ...template, "--build-dir", directory);
  expect([code, out]).toEqual([0, expect.stringContaining("Build Succeeded")]);
  const { Resources } = builtSchema.parse(parse(await readFile(join(directory, "template.yaml"), "utf8")));
  const codes = Object.values(Resources)
    .filter(({ Type }) => Type === "AWS::Serverless::Function")
    .map(({ Properties }) => resolve(directory, codeSchema.parse(Properties).CodeUri));
  expect(codes.toSorted()).toEqual(functions.map((name) => join(root, "dist/aws", name)).toSorted());
  for (const folder of codes) expect(existsSync(join(folder, "index.mjs")), folder).toBe(true);
});

test("checkov finds nothing but what .checkov.yaml allows with a reason", async () => {
  const checkov = await pythonPrograms("checkov-requirements.txt");
  const options = ["--file", "template.yaml", "--config-file", ".checkov.yaml", "--skip-download", "--output", "json"];
  const { code, out } = await run(join(checkov, "checkov"), options);
  const { summary, results } = JSON.parse(out);
  expect(results.failed_checks).toEqual([]);
  expect(summary.passed).toBeGreaterThan(100);
  expect(code).toBe(0);
});
