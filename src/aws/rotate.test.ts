import { describe, expect, it } from "vitest";
import type { KeyRing } from "../auth/key-ring.ts";
import { readLambdaEnvironment } from "../runtime/lambda-environment.ts";
import { keySchema, openSecrets, rereadAfterMs } from "./secrets.ts";
import { firstCookieKey, firstOriginKey, openRotation, type RotationStand } from "./testing/rotation.ts";
import { rotationSteps } from "./testing/secrets-double.ts";

const keyAt = ({ secrets }: RotationStand, arn: string, stage: string) => {
  const text = secrets.valueAt(arn, stage);
  return text === undefined ? undefined : keySchema.parse(JSON.parse(text)).key;
};

/** An instance of a function that asks for the origin key. */
function instanceOf({ secrets, originArn, clock }: RotationStand): KeyRing {
  const environment = readLambdaEnvironment({ STAGE: "test", RELEASE: "1", ORIGIN_SECRET_ARN: originArn });
  const { originKeys } = openSecrets(environment, { clock, client: secrets.client });
  if (originKeys === undefined) throw new Error("no ring");
  return originKeys;
}

const accepts = (instance: KeyRing, key: string | undefined) => instance.some((known) => known === key);

describe("a rotation", () => {
  it("[AU2] gives the cookie key a successor, and keeps the former one", async () => {
    const stand = await openRotation();
    await stand.secrets.rotate(stand.cookieArn, stand.handler);
    expect(keyAt(stand, stand.cookieArn, "AWSPREVIOUS")).toBe(firstCookieKey);
    const second = keyAt(stand, stand.cookieArn, "AWSCURRENT");
    expect(second).toMatch(/^[\w-]{64}$/);
    await stand.secrets.rotate(stand.cookieArn, stand.handler);
    expect(keyAt(stand, stand.cookieArn, "AWSPREVIOUS")).toBe(second);
    expect(stand.distribution.updates).toBe(0);
    expect(stand.logText()).not.toContain(second);
  });

  it("[AU3] lets CloudFront send the new origin key, and leaves the rest of its configuration as it is", async () => {
    const stand = await openRotation();
    const before = stand.distribution.config;
    await stand.secrets.rotate(stand.originArn, stand.handler);
    const key = keyAt(stand, stand.originArn, "AWSCURRENT") ?? "";
    expect(stand.distribution.key()).toBe(key);
    expect(keyAt(stand, stand.originArn, "AWSPREVIOUS")).toBe(firstOriginKey);
    expect(stand.distribution.config.replace(key, firstOriginKey)).toBe(before);
    expect(stand.logText()).not.toContain(key);
  });

  it("[AU3] turns nobody away at any moment who comes through CloudFront", async () => {
    const stand = await openRotation();
    stand.distribution.looksUntilDeployed = 8;
    const early = instanceOf(stand);
    await accepts(early, firstOriginKey);
    stand.advance(10 * rereadAfterMs);
    // It has just looked, and may not look again for a minute, whatever comes.
    const late = instanceOf(stand);
    await accepts(late, firstOriginKey);
    let looks = 0;
    const look = async () => {
      looks++;
      // While it rolls out, some edges send the new key, and others the old one.
      for (const key of new Set([firstOriginKey, stand.distribution.key()]))
        for (const instance of [early, late, instanceOf(stand)]) expect(await accepts(instance, key)).toBe(true);
    };
    stand.whileWaiting(look);
    const ClientRequestToken = stand.secrets.beginRotation(stand.originArn);
    for (const Step of rotationSteps) {
      await stand.handler({ SecretId: stand.originArn, ClientRequestToken, Step });
      await look();
    }
    expect(looks).toBeGreaterThan(30);
    expect(stand.distribution.key()).toBe(keyAt(stand, stand.originArn, "AWSCURRENT"));
  });

  it.each(["cookieArn", "originArn"] as const)(
    "[AU2] does each step of %s once, however often it comes",
    async (name) => {
      const stand = await openRotation();
      const ClientRequestToken = stand.secrets.beginRotation(stand[name]);
      const step = (Step: string) => stand.handler({ SecretId: stand[name], ClientRequestToken, Step });
      await step("createSecret");
      const pending = keyAt(stand, stand[name], "AWSPENDING");
      for (const last of rotationSteps.keys())
        for (const Step of rotationSteps.slice(0, last + 1)) {
          await step(Step);
          await step(Step);
        }
      // All of it again, after it was finished.
      for (const Step of rotationSteps) await step(Step);
      expect(keyAt(stand, stand[name], "AWSCURRENT")).toBe(pending);
      expect(keyAt(stand, stand[name], "AWSPREVIOUS")).toMatch(/^(c{64}|o{64})$/);
      expect(stand.distribution.updates).toBe(name === "originArn" ? 1 : 0);
    },
  );

  it("[AU3] waits no longer than it must, when a step comes again later", async () => {
    const stand = await openRotation();
    const ClientRequestToken = stand.secrets.beginRotation(stand.cookieArn);
    const step = (Step: string) => stand.handler({ SecretId: stand.cookieArn, ClientRequestToken, Step });
    await step("createSecret");
    const from = stand.clock().getTime();
    await step("setSecret");
    expect(stand.clock().getTime() - from).toBe(rereadAfterMs + 5_000);
    await step("setSecret");
    expect(stand.clock().getTime() - from).toBe(rereadAfterMs + 5_000);
  });

  it("[AU3] gives way to somebody else's change of the distribution, and succeeds after it", async () => {
    const stand = await openRotation();
    const ClientRequestToken = stand.secrets.beginRotation(stand.originArn);
    const step = (Step: string) => stand.handler({ SecretId: stand.originArn, ClientRequestToken, Step });
    await step("createSecret");
    stand.distribution.beforeWrite = () => {
      stand.distribution.config = stand.distribution.config.replace("PriceClass_100", "PriceClass_All");
    };
    await expect(step("setSecret")).rejects.toThrow();
    expect(stand.distribution.key()).toBe(firstOriginKey);
    for (const Step of rotationSteps.slice(1)) await step(Step);
    expect(stand.distribution.key()).toBe(keyAt(stand, stand.originArn, "AWSCURRENT"));
    expect(stand.distribution.config).toContain("PriceClass_All");
  });

  it("[AU3] does not finish while the distribution sends another key, or has not rolled out", async () => {
    const stand = await openRotation();
    const ClientRequestToken = stand.secrets.beginRotation(stand.originArn);
    const step = (Step: string) => stand.handler({ SecretId: stand.originArn, ClientRequestToken, Step });
    await step("createSecret");
    await expect(step("testSecret")).rejects.toThrow("another key");
    stand.distribution.looksUntilDeployed = 1_000;
    await step("setSecret");
    await expect(step("testSecret")).rejects.toThrow("rolled out");
    stand.distribution.looksUntilDeployed = 0;
    await step("testSecret");
    expect(keyAt(stand, stand.originArn, "AWSCURRENT")).toBe(firstOriginKey);
    stand.distribution.config = stand.distribution.config.replaceAll("X-Origin-Key", "x-gone");
    await expect(step("setSecret")).rejects.toThrow("sends no x-origin-key");
  });

  it("[AU2] touches nothing for a secret that is not ours, a version that is not pending, or an unknown step", async () => {
    const stand = await openRotation();
    const other = stand.secrets.add("other", "{}");
    const ClientRequestToken = stand.secrets.beginRotation(other);
    for (const event of [
      { SecretId: other, ClientRequestToken, Step: "createSecret" },
      { SecretId: stand.cookieArn, ClientRequestToken, Step: "createSecret" },
      { SecretId: stand.cookieArn, ClientRequestToken, Step: "removeSecret" },
      {},
    ])
      await expect(stand.handler(event)).rejects.toThrow();
    const empty = stand.secrets.beginRotation(stand.cookieArn);
    for (const Step of ["setSecret", "testSecret"])
      await expect(stand.handler({ SecretId: stand.cookieArn, ClientRequestToken: empty, Step })).rejects.toThrow(
        "the pending version has no key",
      );
    expect(stand.secrets.calls.filter((call) => /^(Put|Update)/.test(call))).toEqual([]);
    expect(keyAt(stand, stand.cookieArn, "AWSCURRENT")).toBe(firstCookieKey);
  });

  it("[AU2] fails while Secrets Manager is away, for it to come again", async () => {
    const stand = await openRotation();
    const ClientRequestToken = stand.secrets.beginRotation(stand.cookieArn);
    const step = (Step: string) => stand.handler({ SecretId: stand.cookieArn, ClientRequestToken, Step });
    for (const Step of rotationSteps) {
      stand.secrets.mood = "fails";
      await expect(step(Step)).rejects.toThrow();
      stand.secrets.mood = "works";
      await step(Step);
    }
    expect(keyAt(stand, stand.cookieArn, "AWSPREVIOUS")).toBe(firstCookieKey);
  });
});
