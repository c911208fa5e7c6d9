import { beforeAll, expect, it } from "vitest";
import { changesOf, copyOf, expectWhole, runAgain, some } from "./support/cuts.ts";
import { openWorkplace, releasedStage, type Workplace } from "./support/workplace.ts";

let first: Workplace;
let second: Workplace;
/** After which of the calls that change something each script is cut: the last of those that do the same. */
let releaseCuts: number[] = [];
let rollbackCuts: number[] = [];

beforeAll(async () => {
  first = await releasedStage();
  first.commit("second");
  second = await openWorkplace(first);
  releaseCuts = changesOf((await second.run("release.sh", "1.1.0")).calls);
  const third = await openWorkplace(second);
  rollbackCuts = changesOf((await third.run("rollback.sh")).calls);
  third.close();
  return () => {
    first.close();
    second.close();
  };
}, 120_000);

it("there is a cut after each kind of change", () => {
  expect([releaseCuts.length > 10, rollbackCuts.length > 7]).toEqual([true, true]);
});

it("release.sh killed after any change comes to its end when it is run again", async () => {
  for (const after of some(releaseCuts)) {
    const place = await copyOf(first);
    place.fault = ({ changed }) => (changed === after ? "kill" : undefined);
    const killed = await place.run("release.sh", "1.1.0");
    expect([after, killed.code]).toEqual([after, null]);
    expectWhole(place, ["1.0.0", "1.1.0"]);
    const { code, err } = await runAgain(place, "release.sh", "1.1.0");
    // Killed in its last step, it had recorded all: the version is used.
    const isUsed = err.includes("1.1.0 was released on dev before");
    expect([after, code, isUsed ? "" : err]).toEqual([after, isUsed ? 1 : 0, ""]);
    expect([place.serves(), await place.page(), place.lockOwner()]).toEqual(["1.1.0", "second", undefined]);
    expect(place.releases("rollback.json")).toMatchObject({
      dev: { current: { version: "1.1.0" }, previous: "1.0.0" },
    });
    expect(place.releases("1.1.0.json")).toMatchObject({ dev: { result: "released" } });
  }
}, 600_000);

it("rollback.sh killed after any change comes to its end when it is run again", async () => {
  for (const after of some(rollbackCuts)) {
    const place = await copyOf(second);
    place.fault = ({ changed }) => (changed === after ? "kill" : undefined);
    expect([after, (await place.run("rollback.sh")).code]).toEqual([after, null]);
    expectWhole(place, ["1.0.0", "1.1.0"]);
    const { code, err } = await runAgain(place, "rollback.sh");
    expect([after, code, err]).toEqual([after, 0, ""]);
    expect([place.serves(), await place.page(), place.lockOwner()]).toEqual(["1.0.0", "first", undefined]);
    expect(place.releases("rollback.json")).toMatchObject({ dev: { current: { version: "1.0.0" }, previous: null } });
  }
}, 600_000);
