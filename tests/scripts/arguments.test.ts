import { expect, it, onTestFinished } from "vitest";
import { openWorkplace } from "./support/workplace.ts";

it("help, and what is wrong with the arguments", async () => {
  const place = await openWorkplace();
  onTestFinished(place.close);
  for (const script of ["release.sh", "rollback.sh"]) {
    const help = await place.run(script, "--help");
    expect([help.code, help.err]).toEqual([0, ""]);
    expect(help.out).toMatch(new RegExp(`^usage: scripts/${script}`));
    const wrong = [
      ["--stage", "test", "1.0.0"],
      ["--stage"],
      ["--fast"],
      ["v1"],
      ["1.0.0", "1.0.1"],
      ["--region", "here", "1.0.0"],
    ];
    for (const args of wrong) {
      const { code, err } = await place.run(script, ...args);
      expect([args, code]).toEqual([args, 2]);
      expect(err).toMatch(/^\S+\.sh: .+\nusage: .+\n$/);
    }
  }
  expect(place.calls).toEqual([]);
});
