import { beforeAll, expect, it } from "vitest";
import { callsOf, copyOf, expectWhole, runAgain, some } from "./support/cuts.ts";
import { openWorkplace, releasedStage, type Workplace } from "./support/workplace.ts";

let first: Workplace;
let second: Workplace;

beforeAll(async () => {
  first = await releasedStage();
  first.commit("second");
  second = await openWorkplace(first);
  await second.run("release.sh", "1.1.0");
  return () => {
    first.close();
    second.close();
  };
}, 120_000);

const versions = ({ account }: Workplace) => [account.stack?.parameters.Release, account.stack?.parameters.AuthMode];

/** A script, the stage that it begins on, and the version and the mode that it leads to. */
const scripts: [string, () => Workplace, string[], [string, string]][] = [
  ["release.sh", () => first, ["1.1.0"], ["1.1.0", "oidc"]],
  ["rollback.sh", () => second, [], ["1.0.0", "oidc"]],
  ["auth-toggle.sh", () => second, ["iam"], ["1.1.0", "iam"]],
];

it.each(scripts)(
  "%s that loses the network in any of its calls leaves a whole stage, says so, and comes to its end when it is run again",
  async (script, begin, args, end) => {
    const whole = await copyOf(begin());
    const cuts = callsOf((await whole.run(script, ...args)).calls);
    expect(cuts.length).toBeGreaterThan(15);
    for (const at of some(cuts, true)) {
      const place = await copyOf(begin());
      let call = 0;
      // Every other one is carried out all the same, and only its answer is lost.
      place.fault = () => (++call !== at ? undefined : at % 2 === 0 ? "answer lost" : "lost");
      const lost = await place.run(script, ...args);
      expectWhole(place, ["1.0.0", "1.1.0"]);
      // A migration speaks to AWS by itself, and says what it met.
      const said = expect.stringMatching(/the network to AWS was lost in|a migration failed, as shown above/);
      if (lost.code !== 0) expect([at, lost.err]).toEqual([at, said]);
      const { code, err } = await runAgain(place, script, ...args);
      const isUsed = err.includes("1.1.0 was released on dev before");
      expect([at, code, isUsed ? "" : err]).toEqual([at, isUsed ? 1 : 0, ""]);
      expect([at, ...versions(place), place.lockOwner()]).toEqual([at, ...end, undefined]);
      expect(place.releases("rollback.json")).toMatchObject({
        dev: { current: { version: end[0], authMode: end[1] } },
      });
    }
  },
  600_000,
);
