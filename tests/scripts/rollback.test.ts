import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { artifacts } from "./support/commands.ts";
import { openWorkplace, releasedStage, type Workplace } from "./support/workplace.ts";

let second: Workplace;
beforeAll(async () => {
  second = await releasedStage();
  second.commit("second");
  const { code, err } = await second.run("release.sh", "1.1.0");
  expect([code, err]).toEqual([0, ""]);
  return second.close;
});

/** A stage on which 1.1.0 serves, and 1.0.0 before it. */
async function open(): Promise<Workplace> {
  const place = await openWorkplace(second);
  onTestFinished(place.close);
  return place;
}

const stateOf = async (place: Workplace) => [place.serves(), await place.page()];

it("brings back the version before from what was kept, and a second call changes nothing", async () => {
  const place = await open();
  rmSync(join(place.directory, "frontend-client"), { recursive: true });
  const { code, out, err, calls } = await place.run("rollback.sh");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^done {3}1\.0\.0 serves on dev, \d+ s in all$/m);
  expect(await stateOf(place)).toEqual(["1.0.0", "first"]);
  expect(calls.map(([service]) => service)).not.toContain("npm");
  const record = { current: { version: "1.0.0", how: "rollback", rolledBackFrom: "1.1.0" }, previous: null };
  expect(place.releases("rollback.json")).toMatchObject({ dev: record });
  expect(place.kept("dev/rollback.json")).toMatchObject({
    ...record,
    kept: [{ version: "1.1.0", withdrawnAt: expect.any(String) }, { version: "1.0.0" }],
  });

  const again = await place.run("rollback.sh");
  expect([again.code, again.err]).toEqual([0, ""]);
  expect(again.out).toContain("1.0.0 serves since a rollback already");
  expect(again.out).toContain("the stack already is as it should be");
  expect(await stateOf(place)).toEqual(["1.0.0", "first"]);
  expect(place.releases("rollback.json")).toMatchObject({ dev: record });
});

it("goes to the version that is named, forwards too", async () => {
  const place = await open();
  expect((await place.run("rollback.sh", "1.0.0")).code).toBe(0);
  expect((await place.run("rollback.sh", "1.1.0")).code).toBe(0);
  expect(await stateOf(place)).toEqual(["1.1.0", "second"]);
  expect(place.releases("rollback.json")).toMatchObject({ dev: { current: { version: "1.1.0" }, previous: "1.0.0" } });
});

it("does not open a stage that was closed since", async () => {
  const place = await open();
  if (place.account.stack) place.account.stack.parameters.AuthMode = "iam";
  expect((await place.run("rollback.sh")).code).toBe(0);
  expect(place.account.stack?.parameters).toMatchObject({ Release: "1.0.0", AuthMode: "iam" });
});

it("after a release that was cut off, the version before it serves", async () => {
  const place = await open();
  place.commit("third");
  place.fault = ({ args }) => (args[1] === "create-invalidation" ? "kill" : undefined);
  expect((await place.run("release.sh", "1.2.0")).code).toBeNull();
  place.fault = undefined;
  expect(await stateOf(place)).toEqual(["1.2.0", "third"]);
  const owner = place.lockOwner() ?? "";
  const { code, out } = await place.run("rollback.sh", "--break-lock", owner);
  expect(code).toBe(0);
  expect(out).toContain("a release of 1.2.0 began at");
  expect(await stateOf(place)).toEqual(["1.1.0", "second"]);
  expect(place.kept("dev/underway.json")).toBeUndefined();
});

/** As if 1.1.0 had brought a migration that the version before it may not know. */
function withMigration(place: Workplace, earlierReleases: "work" | "fail"): void {
  const object = place.account.objects.get(`${artifacts}/dev/rollback.json`);
  if (!object) throw new Error("there is no record");
  const record = JSON.parse(object.body);
  record.current.migrations.push({ id: "0002", name: "split-names", earlierReleases });
  object.body = JSON.stringify(record);
}

it("says that a migration stays, and refuses a version that cannot work with it", async () => {
  const place = await open();
  withMigration(place, "fail");
  const refused = await place.run("rollback.sh");
  expect([refused.code, place.serves()]).toEqual([1, "1.1.0"]);
  expect(refused.out).toContain(
    "migration 0002 split-names stays, for a migration cannot be undone; 1.0.0 does NOT work with it",
  );
  expect(refused.err).toContain("1.0.0 cannot work with the data as migrated");
  const meant = await place.run("rollback.sh", "--past-migrations");
  expect([meant.code, place.serves()]).toEqual([0, "1.0.0"]);
});

it("goes back past a migration that does no harm, and says so", async () => {
  const place = await open();
  withMigration(place, "work");
  const { code, out } = await place.run("rollback.sh");
  expect([code, place.serves()]).toEqual([0, "1.0.0"]);
  expect(out).toContain("a migration cannot be undone; 1.0.0 works with it");
});

it.each<[string, (place: Workplace) => void, string[], RegExp]>([
  ["a version that is not kept", () => {}, ["0.9.0"], /0\.9\.0 is not kept on dev: choose one of 1\.1\.0, 1\.0\.0/],
  ["a stage that never had one", () => {}, ["--stage", "prod"], /no version is kept on prod: release one first/],
  [
    "another account",
    (place) => place.account.buckets.clear(),
    [],
    /nothing was ever released here: bucket \S+ does not exist/,
  ],
  [
    "a kept template that was changed",
    (place) => {
      place.account.objects.set(`${artifacts}/dev/releases/1.0.0/packaged.yaml`, { body: "evil" });
    },
    [],
    /the kept template of 1\.0\.0 is not the one that was released/,
  ],
])("%s: one line, and nothing is changed", async (_what, spoil, args, said) => {
  const place = await open();
  spoil(place);
  const { code, err } = await place.run("rollback.sh", ...args);
  expect([code, place.serves()]).toEqual([1, "1.1.0"]);
  expect(err).toMatch(said);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
  expect(place.lockOwner()).toBeUndefined();
});

it("a way back that fails says what to do next", async () => {
  const place = await open();
  place.fault = ({ args }) => (args[1] === "create-invalidation" ? "lost" : undefined);
  const { code, err } = await place.run("rollback.sh");
  expect(code).toBe(1);
  expect(err).toMatch(
    /the network to AWS was lost in cloudfront create-invalidation.*\n.*run the same command again, or name another version \(1\.1\.0, 1\.0\.0\)\n$/,
  );
  place.fault = undefined;
  expect((await place.run("rollback.sh")).code).toBe(0);
  expect(await stateOf(place)).toEqual(["1.0.0", "first"]);
  expect(place.releases("rollback.json")).toMatchObject({
    dev: { current: { version: "1.0.0", rolledBackFrom: "1.1.0" } },
  });
});
