import { beforeAll, expect, it, onTestFinished } from "vitest";
import { artifacts, looks } from "./support/commands.ts";
import { openWorkplace, releasedStage, type Workplace } from "./support/workplace.ts";

let first: Workplace;
beforeAll(async () => {
  first = await releasedStage();
  return first.close;
});

/** A stage on which 1.0.0 serves, with AuthMode oidc. */
async function open(): Promise<Workplace> {
  const place = await openWorkplace(first);
  onTestFinished(place.close);
  return place;
}

const modeOf = ({ account }: Workplace) => [
  account.stack?.parameters.AuthMode,
  account.stack?.parameters.AllowPublicNone,
];

it("[AU1] changes the mode, proves it by an unsigned and a signed request, and records it", async () => {
  const place = await open();
  const deployment = place.account.stack?.parameters.Deployment;
  const { code, out, err, calls } = await place.run("auth-toggle.sh", "iam");
  expect([code, err, ...modeOf(place)]).toEqual([0, "", "iam", ""]);
  // The stack's own template may be taken as it was transformed before, with the functions' versions of before.
  expect(calls.filter((args) => args.includes("--use-previous-template"))).toEqual([]);
  expect(out).toContain("unsigned 401 and 401, signed 200");
  expect(place.account.stack?.parameters.Deployment).not.toBe(deployment);
  expect(place.serves()).toBe("1.0.0");
  expect(place.releases("rollback.json")).toMatchObject({
    dev: { auth: { mode: "iam" }, current: { version: "1.0.0", authMode: "iam" } },
  });
  const again = await place.run("auth-toggle.sh", "iam");
  expect([again.code, again.calls.some(([, operation]) => operation === "create-change-set")]).toEqual([0, false]);
});

it.each([
  ["an unsigned request is let in", { unsigned: 200, signed: 200 }],
  ["a signed one is refused", { unsigned: 401, signed: 403 }],
])("[AU1] puts the mode before back when %s", async (_what, answers) => {
  const place = await open();
  place.answers.iam = answers;
  const { code, out, err } = await place.run("auth-toggle.sh", "iam");
  expect([code, ...modeOf(place)]).toEqual([1, "oidc", ""]);
  expect(out).toMatch(/^back {3}putting back oidc$/m);
  expect(err).toMatch(/iam does not hold: .*\n.*AuthMode is oidc as before/);
  expect(place.releases("rollback.json")).toMatchObject({ dev: { current: { authMode: "oidc" } } });
  expect(place.lockOwner()).toBeUndefined();
});

it("[AU1] changes nothing where the template of what serves is not kept", async () => {
  const place = await open();
  place.account.objects.delete(`${artifacts}/dev/releases/1.0.0/packaged.yaml`);
  const { code, err } = await place.run("auth-toggle.sh", "iam");
  expect([code, ...modeOf(place)]).toEqual([1, "oidc", ""]);
  expect(err).toMatch(/^auth-toggle\.sh: the template of 1\.0\.0 is not kept in .+: release a version .+\n$/);
});

it("[AU1] none needs the stage's name", async () => {
  const place = await open();
  for (const args of [["none"], ["--confirm", "prod", "none"]]) {
    const refused = await place.run("auth-toggle.sh", ...args);
    expect([refused.code, refused.calls, ...modeOf(place)]).toEqual([1, [], "oidc", ""]);
    expect(refused.err).toMatch(/none opens dev to everybody: give --confirm dev/);
  }
  expect((await place.run("auth-toggle.sh", "--confirm", "dev", "none")).code).toBe(0);
  expect(modeOf(place)).toEqual(["none", "dev"]);
  expect((await place.run("auth-toggle.sh", "oidc")).code).toBe(0);
  expect(modeOf(place)).toEqual(["oidc", ""]);
});

it("killed after any change, it comes to its end when it is run again", async () => {
  const whole = await open();
  const { calls } = await whole.run("auth-toggle.sh", "iam");
  const changes = calls.filter(([, operation = ""]) => !looks.test(operation)).length;
  expect(changes).toBeGreaterThan(4);
  for (let after = 1; after <= changes; after++) {
    const place = await open();
    place.fault = ({ changed }) => (changed === after ? "kill" : undefined);
    expect((await place.run("auth-toggle.sh", "iam")).code).toBeNull();
    place.fault = undefined;
    const owner = place.lockOwner();
    const { code, err } = await place.run("auth-toggle.sh", ...(owner ? ["--break-lock", owner] : []), "iam");
    expect([after, code, err, ...modeOf(place)]).toEqual([after, 0, "", "iam", ""]);
    expect(place.releases("rollback.json")).toMatchObject({ dev: { current: { authMode: "iam" } } });
  }
}, 300_000);

it("a dry run, and wrong arguments, change nothing", async () => {
  const place = await open();
  const dry = await place.run("auth-toggle.sh", "--dry-run", "iam");
  expect([dry.code, ...modeOf(place), place.lockOwner()]).toEqual([0, "oidc", "", undefined]);
  for (const args of [[], ["open"], ["iam", "oidc"], ["--confirm"]]) {
    const { code, err } = await place.run("auth-toggle.sh", ...args);
    expect([args, code]).toEqual([args, 2]);
    expect(err).toMatch(/^auth-toggle\.sh: .+\nusage: .+\n$/);
  }
});
