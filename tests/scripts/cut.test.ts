import { beforeAll, expect, it, onTestFinished } from "vitest";
import { looks } from "./support/commands.ts";
import { openWorkplace, releasedStage, type Workplace } from "./support/workplace.ts";

/*
 * A whole release takes seconds, and twice as many for each cut: a run takes one cut of six, from a chosen one on.
 * CUTS_FROM=0 to 5 repeats a run, CUTS_FROM=all takes every cut.
 */
const every = 6;
const from = process.env.CUTS_FROM ?? String(Math.floor(Math.random() * every));
console.log(`CUTS_FROM=${from}`);

const some = (cuts: readonly number[]): number[] =>
  cuts.filter((_, index) => from === "all" || index % every === Number(from));

let first: Workplace;
let second: Workplace;
/** After which of the calls that change something each script is cut: the last of those that do the same. */
let releaseCuts: number[] = [];
let rollbackCuts: number[] = [];

function cutsOf(calls: string[][]): number[] {
  const changes = calls.filter(([, operation = ""]) => !looks.test(operation));
  const labels = changes.map((args) => [...args.slice(0, 2), args[args.indexOf("--key") + 1]].join(" "));
  return labels.flatMap((label, index) => (label === labels[index + 1] ? [] : [index + 1]));
}

beforeAll(async () => {
  first = await releasedStage();
  first.commit("second");
  second = await openWorkplace(first);
  releaseCuts = cutsOf((await second.run("release.sh", "1.1.0")).calls);
  const third = await openWorkplace(second);
  rollbackCuts = cutsOf((await third.run("rollback.sh")).calls);
  third.close();
  return () => {
    first.close();
    second.close();
  };
}, 120_000);

async function open(like: Workplace): Promise<Workplace> {
  const place = await openWorkplace(like);
  onTestFinished(place.close);
  return place;
}

/** Runs the script once more as its user would, with the lock of the run that is dead broken when it asks for that. */
async function runAgain(place: Workplace, script: string, ...args: string[]) {
  place.fault = undefined;
  const owner = place.lockOwner();
  return place.run(script, ...(owner === undefined ? [] : ["--break-lock", owner]), ...args);
}

/** What releases/ and the bucket tell is the one or the other, never something between. */
function expectWhole(place: Workplace, versions: [string, string]): void {
  for (const record of [place.releases("rollback.json"), { dev: place.kept("dev/rollback.json") }])
    expect(
      versions.map((version) =>
        expect.objectContaining({ dev: expect.objectContaining({ current: expect.objectContaining({ version }) }) }),
      ),
    ).toContainEqual(record);
}

it("there is a cut after each kind of change", () => {
  expect([releaseCuts.length > 10, rollbackCuts.length > 7]).toEqual([true, true]);
});

it("release.sh killed after any change comes to its end when it is run again", async () => {
  for (const after of some(releaseCuts)) {
    const place = await open(first);
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

it("release.sh that loses the network ends on one of the two versions, and then releases", async () => {
  // Half of them: a lost network is one failed step more, and the steps fail alike.
  for (const at of some(releaseCuts).filter((_, index) => index % 2 === 0)) {
    const place = await open(first);
    place.fault = ({ changed }) => (changed === at ? "answer lost" : undefined);
    const lost = await place.run("release.sh", "1.1.0");
    expectWhole(place, ["1.0.0", "1.1.0"]);
    if (lost.code !== 0) expect(lost.err).toContain("the network to AWS was lost");
    const { code, err } = await runAgain(place, "release.sh", "1.1.0");
    expect([at, code === 0 || err.includes("1.1.0 was released on dev before")]).toEqual([at, true]);
    expect([place.serves(), await place.page(), place.lockOwner()]).toEqual(["1.1.0", "second", undefined]);
    expect(place.releases("rollback.json")).toMatchObject({ dev: { current: { version: "1.1.0" } } });
  }
}, 600_000);

it("rollback.sh killed after any change comes to its end when it is run again", async () => {
  for (const after of some(rollbackCuts)) {
    const place = await open(second);
    place.fault = ({ changed }) => (changed === after ? "kill" : undefined);
    expect([after, (await place.run("rollback.sh")).code]).toEqual([after, null]);
    expectWhole(place, ["1.0.0", "1.1.0"]);
    const { code, err } = await runAgain(place, "rollback.sh");
    expect([after, code, err]).toEqual([after, 0, ""]);
    expect([place.serves(), await place.page(), place.lockOwner()]).toEqual(["1.0.0", "first", undefined]);
    expect(place.releases("rollback.json")).toMatchObject({ dev: { current: { version: "1.0.0" }, previous: null } });
  }
}, 600_000);
