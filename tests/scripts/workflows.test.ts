import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";

const root = join(import.meta.dirname, "../..");
const folder = join(root, ".github/workflows");
const files = readdirSync(folder);

const workflowSchema = z.object({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.object({ contents: z.literal("read") }).loose(),
  jobs: z.record(
    z.string(),
    z
      .object({
        "runs-on": z.string().regex(/^ubuntu-\d/, "a version, lest it change under us"),
        "timeout-minutes": z.number(),
        steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() }).loose()),
      })
      .loose(),
  ),
});

const workflowOf = (file: string) => workflowSchema.parse(parse(readFileSync(join(folder, file), "utf8")));
const stepsOf = (file: string) => Object.values(workflowOf(file).jobs).flatMap(({ steps }) => steps);

it("there are the four of them", () => {
  expect(files.sort()).toEqual(["nightly.yml", "pull-request.yml", "release.yml", "rollback-drill.yml"]);
});

it.each(files)("%s pins every action to a commit, and takes no text of an event into a command", (file) => {
  const steps = stepsOf(file);
  for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  for (const { run = "" } of steps) expect(run).not.toContain("${{");
  expect(steps.length).toBeGreaterThan(2);
});

it("the release's record comes to main by a pull request, for main refuses a push", () => {
  const commands = stepsOf("release.yml").map(({ run = "" }) => run);
  const record = commands.find((run) => run.includes("git add releases")) ?? "";
  expect(record).toContain('git push origin "$branch"');
  expect(record).toContain('gh pr create --base "$BASE" --head "$branch"');
  for (const run of commands) expect(run).not.toMatch(/git push\b.*(main|HEAD:|GITHUB_REF)/);
  const { permissions } = z
    .object({ permissions: z.record(z.string(), z.string()) })
    .parse(workflowOf("release.yml").jobs.release);
  expect(permissions).toMatchObject({ contents: "write", "pull-requests": "write" });
});

it.each(files)("%s calls npm scripts and files that exist", (file) => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const commands = stepsOf(file)
    .map(({ run = "" }) => run)
    .join("\n");
  for (const [, name = ""] of commands.matchAll(/npm run (?:--silent )?([\w:]+)/g))
    expect(Object.keys(scripts)).toContain(name);
  const called = [...commands.matchAll(/(?:^|\s)((?:scripts|\.ci)\/[\w.-]+)/g)].map(([, path = ""]) => path);
  for (const path of called) expect(() => accessSync(join(root, path), constants.X_OK)).not.toThrow();
  expect(called.length).toBeGreaterThan(0);
});

it("each night lives through a soak, puts the real tools' load on a board, and runs what the gate leaves out", () => {
  const commands = stepsOf("nightly.yml").map(({ run = "" }) => run);
  for (const command of [
    "npm run soak -- --minutes 10",
    "scripts/load_test.sh --tool k6 --profile burst --url http://127.0.0.1:3000",
    "npm run test:ops",
    "npm run test:aws",
  ])
    expect(commands).toContain(command);
  const k6 = /go install go\.k6\.io\/k6@(\S+)/;
  const [, version] = k6.exec(commands.join("\n")) ?? [];
  expect(version).toBe(k6.exec(readFileSync(join(root, "scripts/load_test.sh"), "utf8"))?.[1]);
});
