import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openWorkplace, type Workplace } from "./support/workplace.ts";

const advisory = { name: "left-pad", severity: "high", via: [{ title: "pads to the right" }] };

/** A repository whose packages have these advisories; undefined: the registry does not answer. */
async function open(vulnerabilities: Record<string, unknown> | undefined, allowed: unknown = []): Promise<Workplace> {
  const place = await openWorkplace();
  onTestFinished(place.close);
  const answer = vulnerabilities === undefined ? "{}" : JSON.stringify({ vulnerabilities });
  const npm = join(place.directory, "bin/npm");
  writeFileSync(npm, `#!/usr/bin/env bash\ncat <<'END'\n${answer}\nEND\nexit 1\n`);
  chmodSync(npm, 0o755);
  writeFileSync(join(place.directory, "scripts/security-allow.json"), JSON.stringify(allowed));
  return place;
}

const audit = (place: Workplace, ...args: string[]) => place.run("security-audit.sh", "--only", "advisories", ...args);

it("without findings it ends well, and asks nobody for credentials", async () => {
  const { code, out, err, calls } = await audit(await open({ small: { name: "small", severity: "low", via: [] } }));
  expect([code, err, calls]).toEqual([0, "", []]);
  expect(out).toMatch(/^0 findings, 0 of them allowed, 0 to be dealt with$/m);
});

it("a finding is a line of the table and the exit status 1", async () => {
  const { code, out } = await audit(await open({ "left-pad": advisory }));
  expect(code).toBe(1);
  expect(out).toMatch(/^FINDING +advisories +left-pad +high: pads to the right$/m);
});

it("what is allowed stands in the table with its reason, until its day", async () => {
  const reason = "we only pad to the left";
  const entry = { check: "advisories", subject: "left-*", reason };
  const allowed = await audit(await open({ "left-pad": advisory }, [entry]));
  expect(allowed.code).toBe(0);
  expect(allowed.out).toMatch(/^allowed +advisories +left-pad +high: .*\(allowed: we only pad to the left\)$/m);
  const over = await audit(await open({ "left-pad": advisory }, [{ ...entry, until: "2020-01-01" }]));
  expect(over.code).toBe(1);
  const other = await audit(await open({ "left-pad": advisory }, [{ ...entry, subject: "left.pad" }]));
  expect(other.code).toBe(1);
});

it("an entry that nothing matches any more is told", async () => {
  const { code, out } = await audit(
    await open({}, [{ check: "advisories", subject: "left-pad", reason: "it was once needed" }]),
  );
  expect(code).toBe(0);
  expect(out).toContain("nothing is found any more that the allow-list allows for left-pad");
});

it("what cannot be looked at is a finding", async () => {
  const { code, out } = await audit(await open(undefined));
  expect(code).toBe(1);
  expect(out).toMatch(/^FINDING +advisories +the check +could not be made: npm audit gave no answer/m);
});

it("an allow-list without reasons, and wrong arguments, are refused", async () => {
  const place = await open({}, [{ check: "iam", subject: "*" }]);
  const bare = await audit(place);
  expect(bare.code).toBe(1);
  expect(bare.err).toContain("each entry needs check, subject and a reason");
  for (const args of [["--only", "weather"], ["--allow"], ["now"]]) {
    const { code, err } = await place.run("security-audit.sh", ...args);
    expect([args, code]).toEqual([args, 2]);
    expect(err).toMatch(/^security-audit\.sh: .+\nusage: .+\n$/);
  }
});
