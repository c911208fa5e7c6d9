import { expect, it, onTestFinished } from "vitest";
import { openWorkplace, type Workplace } from "./support/workplace.ts";

async function open(): Promise<Workplace> {
  const place = await openWorkplace();
  onTestFinished(place.close);
  return place;
}

it("the first release of a stage has nothing to go back to, and says so", async () => {
  const place = await open();
  place.commit("# broken");
  const { code, err } = await place.run("release.sh", "1.0.0");
  expect(code).toBe(1);
  expect(err).toMatch(/1\.0\.0 does not serve, and there is no earlier version to go back to: .*\n$/);
  expect(place.releases("1.0.0.json")).toMatchObject({ dev: { result: "failed", servesInstead: null } });
  place.commit("mended");
  expect((await place.run("release.sh", "1.0.0")).err).toContain("was tried on dev with another commit");
  expect((await place.run("release.sh", "1.0.1")).code).toBe(0);
});

it("a first release that fails before its smoke test is recorded as that, and the same command makes it good", async () => {
  const place = await open();
  place.commit("first");
  const asked = ["--parameter", "AuthMode=none", "--parameter", "AllowPublicNone=dev", "1.0.0"];
  place.fault = ({ args }) =>
    args[1] === "create-invalidation" ? { problem: "An error occurred (TooManyInvalidationsInProgress)" } : undefined;
  const { code, err } = await place.run("release.sh", ...asked);
  expect(code).toBe(1);
  expect(err).toMatch(/1\.0\.0 does not serve, and there is no earlier version to go back to: .*TooManyInvalidations/);
  const failed = { result: "failed", smoke: null, servesInstead: null };
  expect(place.releases("1.0.0.json")).toMatchObject({ dev: failed });
  const record = { current: null, kept: [], lastFailure: { version: "1.0.0" } };
  expect(place.releases("rollback.json")).toMatchObject({ dev: record });
  expect(place.kept("dev/rollback.json")).toMatchObject(record);
  expect([place.kept("dev/underway.json"), place.lockOwner()]).toEqual([undefined, undefined]);
  place.fault = undefined;
  const again = await place.run("release.sh", ...asked);
  expect([again.code, again.err, place.serves()]).toEqual([0, "", "1.0.0"]);
});
