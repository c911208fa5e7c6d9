import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { artifacts, pageBucket } from "./support/commands.ts";
import { openWorkplace, releasedStage, sha256, type Workplace } from "./support/workplace.ts";

let first: Workplace;
beforeAll(async () => {
  first = await releasedStage();
  return first.close;
});

/** A workplace for this test alone. */
async function open(like?: Workplace): Promise<Workplace> {
  const place = await openWorkplace(like);
  onTestFinished(place.close);
  return place;
}
/** A stage on which 1.0.0 serves. */
const released = () => open(first);

const change = ({ calls }: { calls: string[][] }) => calls.map(([service, operation]) => `${service} ${operation}`);

it("makes an empty account into a stage that serves, and records it", async () => {
  const place = await open();
  place.commit("first");
  const { code, out, err, calls } = await place.run("release.sh", "1.0.0");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^ok {5}deploy 1\.0\.0 +\d+ s$/m);
  expect(out).toMatch(/^done {3}1\.0\.0 serves on dev, \d+ s in all; before it nothing$/m);
  expect([place.serves(), await place.page()]).toEqual(["1.0.0", "first"]);
  expect(place.account.buckets.get(artifacts)).toMatchObject({ versioning: "Status=Enabled" });
  expect(Object.keys(place.account.buckets.get(artifacts) ?? {}).sort()).toEqual([
    "block",
    "encryption",
    "policy",
    "versioning",
  ]);
  expect(place.account.objects.get(`${pageBucket}/index.html`)?.cacheControl).toBe("no-cache");
  expect(place.account.objects.get(`${pageBucket}/pair`)).toEqual(
    place.account.objects.get(`${pageBucket}/index.html`),
  );
  expect(place.account.objects.get(`${pageBucket}/assets/app.js`)?.cacheControl).toMatch(/immutable$/);
  // A new stack has no tables to migrate before it was made.
  const migration = change({ calls }).indexOf("npm migrate-up");
  expect(migration).toBeGreaterThan(change({ calls }).indexOf("cloudformation execute-change-set"));
  const template = place.account.objects.get(`${artifacts}/dev/releases/1.0.0/packaged.yaml`)?.body ?? "";
  const entry = {
    version: "1.0.0",
    result: "released",
    by: "arn:aws:iam::123456789012:user/ops",
    authMode: "oidc",
    artifacts: { templateSha256: sha256(template) },
    smoke: { result: "passed", url: `${place.url}/machine` },
    migrations: [{ id: "0001", name: "first-shop", earlierReleases: "work" }],
  };
  expect(place.releases("1.0.0.json")).toMatchObject({ dev: entry });
  expect(place.releases("rollback.json")).toMatchObject({
    dev: { current: { ...entry, how: "release" }, previous: null },
  });
  expect(place.kept("dev/rollback.json")).toMatchObject({ current: entry, kept: [entry] });
  expect(place.kept("dev/underway.json")).toBeUndefined();
  expect(place.lockOwner()).toBeUndefined();
});

it("the next release migrates before it deploys, and keeps the one before", async () => {
  const place = await released();
  place.commit("second");
  const { code, calls } = await place.run("release.sh", "--parameter", "LogLevel=debug", "1.1.0");
  expect(code).toBe(0);
  expect(change({ calls }).indexOf("npm migrate-up")).toBeLessThan(
    change({ calls }).indexOf("cloudformation execute-change-set"),
  );
  expect([place.serves(), await place.page()]).toEqual(["1.1.0", "second"]);
  expect(place.account.stack?.parameters).toMatchObject({ LogLevel: "debug", ShopTimeZone: "UTC", Stage: "dev" });
  expect(place.releases("rollback.json")).toMatchObject({ dev: { current: { version: "1.1.0" }, previous: "1.0.0" } });
  expect(place.account.objects.has(`${artifacts}/dev/releases/1.0.0/packaged.yaml`)).toBe(true);
});

it("a release whose smoke test fails is taken back by itself, page and all", async () => {
  const place = await released();
  place.commit("third # broken");
  const { code, out, err } = await place.run("release.sh", "1.2.0");
  expect(code).toBe(1);
  expect(out).toMatch(/^back {3}1\.2\.0 does not serve; going back to 1\.0\.0$/m);
  expect(err).toMatch(/1\.2\.0 was not released, and 1\.0\.0 serves again: the smoke test of .* failed/);
  expect([place.serves(), await place.page()]).toEqual(["1.0.0", "first"]);
  expect(place.releases("1.2.0.json")).toMatchObject({
    dev: {
      result: "rolled_back",
      servesInstead: "1.0.0",
      smoke: { result: "failed" },
      problem: expect.stringContaining("smoke"),
    },
  });
  expect(place.releases("rollback.json")).toMatchObject({
    dev: {
      current: { version: "1.0.0", smoke: { result: "passed" } },
      previous: null,
      lastFailure: { version: "1.2.0" },
    },
  });
  expect([place.kept("dev/underway.json"), place.lockOwner()]).toEqual([undefined, undefined]);
});

it("what AWS itself takes back is told with its first cause", async () => {
  const place = await released();
  place.commit("# cannot be deployed");
  const { code, err } = await place.run("release.sh", "1.2.0");
  expect([code, place.serves()]).toEqual([1, "1.0.0"]);
  expect(err).toContain("BoardFunction: the handler is too large");
});

it("a failed migration stops the release before anything is deployed", async () => {
  const place = await released();
  place.commit("# its migration fails");
  const { code, calls, err } = await place.run("release.sh", "1.2.0");
  expect(code).toBe(1);
  expect(err).toContain("a migration failed");
  expect(change({ calls })).not.toContain("cloudformation execute-change-set");
  expect([place.serves(), await place.page()]).toEqual(["1.0.0", "first"]);
});

it("a change that would replace what holds data is refused", async () => {
  const place = await released();
  place.commit("# replaces the board table");
  const { code, calls, err } = await place.run("release.sh", "1.2.0");
  expect(code).toBe(1);
  expect(err).toContain("would remove or replace BoardTable");
  expect(change({ calls })).not.toContain("cloudformation execute-change-set");
});

const before = (place: Workplace) => [place.serves(), place.releases("rollback.json"), place.kept("dev/rollback.json")];

it.each<[string, (place: Workplace) => void, string[], RegExp]>([
  [
    "a dirty tree",
    (place) => writeFileSync(join(place.directory, "notes.txt"), "x"),
    ["1.1.0"],
    /the working tree has changes \(\?\? notes\.txt\): commit/,
  ],
  ["a used version", () => {}, ["1.0.0"], /1\.0\.0 was released on dev before: give this one another version/],
  [
    "a check that fails",
    (place) => place.commit("# does not pass the check"),
    ["1.1.0"],
    /npm run check failed, as shown above: nothing was deployed/,
  ],
  ["an unknown parameter", () => {}, ["--parameter", "Colour=red", "1.1.0"], /the template has no parameter Colour/],
  [
    "a value that the template does not allow",
    () => {},
    ["--parameter", "LogLevel=loud", "1.1.0"],
    /LogLevel must be one of debug, info, not 'loud': give another value, with the same command/,
  ],
  ["another way in", () => {}, ["--parameter", "AuthMode=none", "1.1.0"], /use scripts\/auth-toggle\.sh/],
])("%s: one line, and nothing is changed", async (_what, spoil, args, said) => {
  const place = await released();
  place.commit("second");
  spoil(place);
  const then = before(place);
  const { code, err } = await place.run("release.sh", ...args);
  expect(code).toBe(1);
  expect(err).toMatch(said);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
  expect(before(place)).toEqual(then);
  expect(place.lockOwner()).toBeUndefined();
});

it("what runs already keeps its lock until its owner is named", async () => {
  const place = await released();
  place.commit("second");
  place.account.parameters.set(
    "/status-board/dev/release-lock",
    JSON.stringify({ owner: "eva@desk-1", what: "a release of 1.1.0", at: "2031-03-03T08:00:00Z" }),
  );
  const refused = await place.run("release.sh", "1.1.0");
  expect([refused.code, place.lockOwner()]).toEqual([1, "eva@desk-1"]);
  expect(refused.err).toMatch(
    /a release of 1\.1\.0 by eva@desk-1 has held the lock of dev since 2031-.*--break-lock eva@desk-1\n$/,
  );
  const wrong = await place.run("release.sh", "--break-lock", "tom@desk-2", "1.1.0");
  expect([wrong.code, place.lockOwner()]).toEqual([1, "eva@desk-1"]);
  expect(wrong.err).toContain("the lock of dev is not tom@desk-2's but eva@desk-1's");
  const right = await place.run("release.sh", "--break-lock", "eva@desk-1", "1.1.0");
  expect([right.code, place.serves(), place.lockOwner()]).toEqual([0, "1.1.0", undefined]);
});

it("waits for a change of the stack that is already under way", async () => {
  const place = await released();
  place.commit("second");
  if (place.account.stack)
    Object.assign(place.account.stack, {
      status: "UPDATE_IN_PROGRESS",
      coming: [{ status: "UPDATE_IN_PROGRESS" }, { status: "UPDATE_COMPLETE" }],
    });
  const { code, out } = await place.run("release.sh", "1.1.0");
  expect(code).toBe(0);
  expect(out).toContain("waits for that to end");
});

it("a dry run looks at everything and changes nothing", async () => {
  const place = await released();
  place.commit("second");
  const { code, out, calls } = await place.run("release.sh", "--dry-run", "1.1.0");
  expect([code, place.serves(), place.lockOwner()]).toEqual([0, "1.0.0", undefined]);
  expect(out).toMatch(/^would {2}deploy 1\.1\.0$/m);
  expect(change({ calls }).filter((call) => !/ (get|head|describe|list)/.test(call))).toEqual([]);
});

it("keeps the last ten versions, and the records of all", async () => {
  const place = await released();
  const record = z
    .object({ current: z.unknown(), kept: z.array(z.record(z.string(), z.unknown())) })
    .parse(place.kept("dev/rollback.json"));
  const kept = ["1.0.9", "1.0.8", "1.0.7", "1.0.6", "1.0.5", "1.0.4", "1.0.3", "1.0.2", "1.0.1"].map((version) => ({
    ...record.kept[0],
    version,
  }));
  const body = JSON.stringify({ ...record, kept: [...kept, ...record.kept] });
  place.account.objects.set(`${artifacts}/dev/rollback.json`, { body });
  place.account.objects.set(`${artifacts}/dev/releases/1.0.1/packaged.yaml`, { body: "one" });
  place.commit("number 10");
  expect((await place.run("release.sh", "1.0.10")).code).toBe(0);
  const has = (version: string, file: string) =>
    place.account.objects.has(`${artifacts}/dev/releases/${version}/${file}`);
  expect([has("1.0.0", "packaged.yaml"), has("1.0.0", "release.json"), has("1.0.1", "packaged.yaml")]).toEqual([
    false,
    true,
    true,
  ]);
  place.commit("again");
  expect((await place.run("release.sh", "1.0.0")).err).toContain("1.0.0 was released on dev before");
});
