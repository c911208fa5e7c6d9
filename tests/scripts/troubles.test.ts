import { beforeAll, describe, expect, it } from "vitest";
import { copyOf } from "./support/cuts.ts";
import { releasedStage, type Workplace } from "./support/workplace.ts";

let second: Workplace;
beforeAll(async () => {
  second = await releasedStage();
  second.commit("second");
  await second.run("release.sh", "1.1.0");
  second.commit("third");
  return second.close;
}, 120_000);

const failing =
  (problem: string, service?: string) =>
  ({ args }: { args: readonly string[] }) =>
    service === undefined || args[0] === service ? { problem } : undefined;
const inState = (status: string) => (place: Workplace) => {
  if (place.account.stack) place.account.stack.status = status;
};
const expired =
  "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired";

/** What is wrong, how it comes about, and what its line says: what happened and what to do. */
const troubles: [string, (place: Workplace) => void, RegExp][] = [
  [
    "no credentials",
    (place) => {
      place.fault = failing("Unable to locate credentials. You can configure");
    },
    /no AWS credentials: set AWS_PROFILE .*run the same command again/,
  ],
  [
    "an expired session",
    (place) => {
      place.fault = failing(expired);
    },
    /the AWS session has expired: sign in again/,
  ],
  [
    "an expired session of single sign-on",
    (place) => {
      place.fault = failing("Error when retrieving token from sso: Token has expired and refresh failed");
    },
    /the AWS session has expired: sign in again/,
  ],
  [
    "keys that AWS does not know",
    (place) => {
      place.fault = failing("An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation");
    },
    /AWS does not know these credentials: check AWS_PROFILE/,
  ],
  [
    "a missing permission",
    (place) => {
      place.fault = failing(
        "An error occurred (AccessDeniedException) when calling PutParameter: not authorized",
        "ssm",
      );
    },
    /these credentials may not ssm put-parameter: use those of the stage's deployer/,
  ],
  [
    "no network",
    (place) => {
      place.fault = () => "lost";
    },
    /the network to AWS was lost in sts get-caller-identity: when it is back, run the same command again/,
  ],
  [
    "a stack that never came to be",
    inState("ROLLBACK_COMPLETE"),
    /stack status-board-dev is ROLLBACK_COMPLETE: it never came to be; remove it \(aws cloudformation delete-stack/,
  ],
  [
    "a stack stuck half-way",
    inState("UPDATE_ROLLBACK_FAILED"),
    /is UPDATE_ROLLBACK_FAILED: repair what its events name, aws cloudformation continue-update-rollback/,
  ],
  ["a stack whose update failed", inState("UPDATE_FAILED"), /is UPDATE_FAILED: aws cloudformation rollback-stack/],
  ["a stack in a state of tomorrow", inState("MELTED"), /is MELTED, which this script does not know/],
  [
    "a run that is under way",
    (place) => {
      const lock = { owner: "eva@desk-1", what: "a release of 1.2.0", at: "2031-03-03T08:00:00Z" };
      place.account.parameters.set("/status-board/dev/release-lock", JSON.stringify(lock));
    },
    /a release of 1\.2\.0 by eva@desk-1 has held the lock of dev since .*: wait for it; .*--break-lock eva@desk-1/,
  ],
];

const stateOf = (place: Workplace) => [
  ...[place.account.stack?.parameters, place.account.invalidations, place.lockOwner()],
  ...[place.releases("rollback.json"), place.kept("dev/rollback.json"), place.kept("dev/underway.json")],
];

describe.each([["release.sh", "1.2.0"], ["rollback.sh"], ["auth-toggle.sh", "iam"]])("%s", (script, ...args) => {
  it.each(troubles)("%s: one line, and nothing is changed", async (_what, spoil, said) => {
    const place = await copyOf(second);
    spoil(place);
    const before = stateOf(place);
    const { code, err } = await place.run(script, ...args);
    expect([code, err]).toEqual([1, expect.stringMatching(said)]);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(stateOf(place)).toEqual(before);
  });
});
