import { beforeAll, describe, expect, inject, test } from "vitest";
import * as z from "zod";
import type { Api } from "../../../src/testing/api.ts";
import { httpApi } from "../../live/support/http-api.ts";
import { startIssuer, type TestIssuer } from "../../sign-in/support/issuer.ts";
import { newUser } from "../support/aws.ts";
import { cookieOfDevice, cookieOfPerson } from "../support/people.ts";
import { openReleasePlace, type ReleasePlace } from "../support/release-place.ts";
import { beginRotation, keyAt, keySentBy, signedAnew } from "../support/rotation.ts";
import { aws } from "../support/site.ts";

// One stage's story: each test goes on where the one before it ended.
const wholeRunMs = 900_000;
const releaser = "arn:aws:iam::000000000000:user/ops";
let place: ReleasePlace;
let issuer: TestIssuer;

beforeAll(async () => {
  let stopIssuer = async () => {};
  issuer = await startIssuer((stop) => {
    stopIssuer = stop;
  });
  issuer.people.set("ana", { name: "Ana", roles: ["office"] });
  const { arn, keys } = await newUser(aws, "ops", ["arn:aws:iam::aws:policy/AdministratorAccess"]);
  expect(arn).toBe(releaser);
  place = await openReleasePlace(aws, inject("endpoint"), inject("programs"), keys);
  issuer.admit(`${place.publicUrl}/auth/callback`);
  return () => Promise.all([place.close(), stopIssuer()]);
});

/** The site to whoever brings this cookie. */
const as = (cookie: string): Api => httpApi(place.publicUrl, { origin: place.publicUrl, cookie });

/** What the site says of itself: the release of its API, and its page's title. */
async function serving(): Promise<{ release: string | null; title: string | undefined }> {
  const health = await fetch(`${place.publicUrl}/health`);
  const page = await (await fetch(`${place.publicUrl}/`)).text();
  return { release: health.headers.get("x-release"), title: /<title>(.*)<\/title>/.exec(page)?.[1] };
}

/** The steps that a script says it has done, in their order. */
const stepsDone = (out: string) => [...out.matchAll(/^ok {5}(.+?) +\d+ s$/gm)].map(([, name]) => name);

const deploySteps = (version: string) => [
  ...[`change set for ${version}`, "migrations", `deploy ${version}`, "page", "invalidate CloudFront"],
  ...[`${version} serves`, "smoke", "record"],
];

const physicalId = async (logicalId: string) => {
  const names = ["--stack-name", "status-board-prod", "--logical-resource-id", logicalId];
  const answer = await aws.call(["cloudformation", "describe-stack-resource", ...names]);
  const { StackResourceDetail } = z
    .object({ StackResourceDetail: z.object({ PhysicalResourceId: z.string() }) })
    .parse(answer);
  return StackResourceDetail.PhysicalResourceId;
};

const backSteps = (version: string) => deploySteps(version).filter((step) => step !== "migrations");

describe("a stage of the deployed product", { timeout: wholeRunMs }, () => {
  test("the first release makes the stack and the shop, and serves", async () => {
    const parameters = {
      ...place.addresses,
      AuthMode: "none",
      AllowPublicNone: "prod",
      MachineRoles: JSON.stringify({ [releaser]: "manager" }),
      OidcIssuer: issuer.url,
      OidcClientId: issuer.clientId,
      OidcRoleClaim: "roles",
      OidcRoleMap: JSON.stringify({ office: "manager" }),
    };
    const given = Object.entries(parameters).flatMap(([name, value]) => ["--parameter", `${name}=${value}`]);
    const { code, out, err } = await place.run("release.sh", ...given, "1.0.0");
    expect([code, err], out).toEqual([0, ""]);
    expect(out).toContain("ran 0001 first-shop");
    expect(out).toContain("ok   clean up");
    expect(await serving()).toEqual({ release: "1.0.0", title: "Status board" });
    const [index, pair] = await Promise.all(["/", "/pair"].map((path) => fetch(place.publicUrl + path)));
    expect([pair?.status, pair?.headers.get("content-type")]).toEqual([200, "text/html"]);
    expect(pair?.headers.get("content-security-policy")).toBe(index?.headers.get("content-security-policy"));
    expect(await pair?.text()).toBe(await index?.text());
    const release = { version: "1.0.0", result: "released", by: releaser, smoke: { result: "passed" } };
    expect(await place.releases("1.0.0.json")).toMatchObject(release);
    expect(await place.releases("rollback.json")).toMatchObject({ current: release, previous: null });
  });

  test("the next one takes its place, page and all", async () => {
    await place.change("frontend-client/app/index.html", "<title>Status board</title>", "<title>Second</title>");
    const { code, out, err } = await place.run("release.sh", "1.1.0");
    expect([code, err], out).toEqual([0, ""]);
    expect(stepsDone(out).slice(-8)).toEqual(deploySteps("1.1.0"));
    expect(await serving()).toEqual({ release: "1.1.0", title: "Second" });
    expect(await place.releases("rollback.json")).toMatchObject({
      current: { version: "1.1.0", how: "release", authMode: "none" },
      previous: "1.0.0",
    });
  });

  test("[AU1] iam keeps people out and lets in who signs", async () => {
    const { code, out, err } = await place.run("auth-toggle.sh", "iam");
    expect([code, err], out).toEqual([0, ""]);
    expect(out).toContain("unsigned 401 and 403, signed 200");
    expect((await fetch(`${place.publicUrl}/api/admin/shop`)).status).toBe(401);
    expect((await fetch(`${place.apiUrl}/machine/api/admin/shop`)).status).toBe(403);
    expect(await serving()).toEqual({ release: "1.1.0", title: "Second" });
    expect(await place.releases("rollback.json")).toMatchObject({
      current: { version: "1.1.0", authMode: "iam" },
      auth: { mode: "iam", by: releaser },
    });
  });

  test("of a version whose smoke test fails the one before serves again by itself, seven steps later", async () => {
    await place.change("frontend-client/app/index.html", "<title>Second</title>", "<title>Broken</title>");
    await place.change(
      "src/aws/stats.ts",
      "answerHttp(httpCore(statsHandlers))",
      '() => Promise.reject(new Error("broken"))',
    );
    const { code, out, err } = await place.run("release.sh", "1.2.0");
    expect(code, err).toBe(1);
    expect(out).toMatch(/^FAILED smoke /m);
    expect(err).toContain("FAIL stats");
    expect(err).toMatch(/1\.2\.0 was not released, and 1\.1\.0 serves again: the smoke test of .+ failed/);
    const [, back = ""] = out.split("back   1.2.0 does not serve; going back to 1.1.0\n");
    expect(stepsDone(back)).toEqual(backSteps("1.1.0"));
    expect(await serving()).toEqual({ release: "1.1.0", title: "Second" });
    expect((await fetch(`${place.publicUrl}/api/admin/shop`)).status).toBe(401);
    expect(await place.releases("1.2.0.json")).toMatchObject({
      result: "rolled_back",
      servesInstead: "1.1.0",
      smoke: { result: "failed" },
      problem: expect.stringContaining("smoke test"),
    });
    expect(await place.releases("rollback.json")).toMatchObject({
      current: { version: "1.1.0", how: "automatic_rollback", authMode: "iam", smoke: { result: "passed" } },
      previous: "1.0.0",
      lastFailure: { version: "1.2.0" },
    });
  });

  test("rollback.sh brings back a kept version, and leaves who may come in as it is", async () => {
    const { code, out, err } = await place.run("rollback.sh", "1.0.0");
    expect([code, err], out).toEqual([0, ""]);
    expect(stepsDone(out).slice(-7)).toEqual(backSteps("1.0.0"));
    expect(await serving()).toEqual({ release: "1.0.0", title: "Status board" });
    expect((await fetch(`${place.publicUrl}/api/admin/shop`)).status).toBe(401);
    expect(await place.releases("rollback.json")).toMatchObject({
      current: { version: "1.0.0", how: "rollback", rolledBackFrom: "1.1.0", authMode: "iam" },
      previous: null,
    });
  });

  let ana = "";
  let rotating: { secret: string; version: string }[] = [];

  test("[AU1] [AU2] oidc lets in who signs in at the issuer, and a device by its code", async () => {
    const { code, out, err } = await place.run("auth-toggle.sh", "oidc");
    expect([code, err], out).toEqual([0, ""]);
    expect(out).toContain("unsigned 401 and 403, signed 200");
    expect(await place.releases("rollback.json")).toMatchObject({ current: { version: "1.0.0", authMode: "oidc" } });
    ana = await cookieOfPerson(place.publicUrl, issuer, "ana");
    expect(await as(ana).ok("getMe")).toMatchObject({ user: { name: "Ana" }, role: "manager" });
    expect(await as(ana).ok("getShop")).toMatchObject({ id: "workshop" });
    const pairing = await as(ana).ok("createPairing", { body: { name: "The hall", role: "viewer" } });
    expect(pairing.url).toBe(`${place.publicUrl}/pair`);
    const device = as(await cookieOfDevice(place.publicUrl, pairing.code));
    expect(await device.ok("getMe")).toMatchObject({ user: { name: "The hall" }, role: "viewer" });
    const [listed] = (await as(ana).ok("listDevices")).items;
    await as(ana).ok("renameDevice", { id: listed?.id ?? "", body: { name: "The bay" } });
    expect((await device.ok("getMe")).user.name).toBe("The bay");
    await as(ana).ok("revokeDevice", { id: listed?.id ?? "" });
    expect((await device.refused("getMe")).code).toBe("unauthenticated");
    const secrets = await Promise.all(["CookieSecret", "OriginSecret"].map(physicalId));
    rotating = await Promise.all(
      secrets.map(async (secret) => ({ secret, version: await beginRotation(aws, secret) })),
    );
  });

  test("the audit finds what somebody opened by hand, and what the stand-in leaves out", async () => {
    const [role, pageBucket, api] = await Promise.all(["ServicesRole", "PageBucket", "HttpApi"].map(physicalId));
    const everything = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
    const policy = ["--policy-name", "by-hand", "--policy-document", JSON.stringify(everything)];
    await aws.call(["iam", "put-role-policy", "--role-name", String(role), ...policy]);
    await aws.call(["s3api", "delete-public-access-block", "--bucket", String(pageBucket)]);
    const cors = ["--cors-configuration", JSON.stringify({ AllowOrigins: ["*"] })];
    await aws.call(["apigatewayv2", "update-api", "--api-id", String(api), ...cors]);
    const checks = "iam,buckets,cors,encryption,secrets,headers";
    const { code, out, err } = await place.run("security-audit.sh", "--only", checks);
    expect([code, err], out).toEqual([1, ""]);
    const found = [...out.matchAll(/^(allowed|FINDING) +(\S+) +(\S+) (.+?)(?: \(allowed: .+)?$/gm)];
    expect(found.map(([, result, check, subject, what]) => [result, check, subject, what?.trim()])).toEqual(
      expect.arrayContaining([
        ["FINDING", "iam", "ServicesRole/by-hand", "may do *"],
        ["FINDING", "iam", "ServicesRole/by-hand", "may do * on every resource"],
        ["allowed", "iam", "PublisherRole/publisher", "may do dynamodb:ListStreams on every resource"],
        ["FINDING", "buckets", "PageBucket", "does not block all public access"],
        ["FINDING", "cors", "HttpApi", "answers pages of every origin"],
        // The stand-in drops the encryption of tables and topics: the template's tests show it.
        ...["BoardTable", "LiveTable"].map((name) => [
          "FINDING",
          "encryption",
          name,
          "is not encrypted with a key of KMS",
        ]),
        ["FINDING", "encryption", "AlarmTopic", "is not encrypted"],
        ["FINDING", "headers", place.publicUrl, "is not served by https"],
      ]),
    );
    const findings = found.filter(([, result]) => result === "FINDING");
    expect(findings.map(([, , , subject]) => subject)).not.toContain("the check");
    expect(out).toContain(`${found.length} findings, 2 of them allowed`);
  });

  test("[AU2] the rotation of both keys turns nobody away", async () => {
    const patiently = { timeout: 150_000, interval: 1_000 };
    for (const { secret, version } of rotating)
      await expect.poll(async () => (await keyAt(aws, secret, "AWSCURRENT")).version, patiently).toBe(version);
    const [cookieKey, originKey] = await Promise.all(
      rotating.map(async ({ secret }) => ({
        current: (await keyAt(aws, secret, "AWSCURRENT")).key,
        previous: (await keyAt(aws, secret, "AWSPREVIOUS")).key,
      })),
    );
    if (cookieKey === undefined || originKey === undefined) throw new Error("two secrets were rotated");
    expect(new Set([...Object.values(cookieKey), ...Object.values(originKey)]).size).toBe(4);
    expect(ana).toBe(signedAnew(ana, cookieKey.previous));
    await as(ana).ok("getMe");
    await as(signedAnew(ana, cookieKey.current)).ok("getMe");
    expect((await as(signedAnew(ana, "guessed")).refused("getMe")).code).toBe("unauthenticated");
    await as(await cookieOfPerson(place.publicUrl, issuer, "ana")).ok("getShop");
    expect(await keySentBy(aws, await physicalId("Distribution"))).toBe(originKey.current);
    const around = async (key: string) =>
      (await fetch(`${place.apiUrl}/api/admin/shop`, { headers: { "x-origin-key": key } })).status;
    expect(await Promise.all([originKey.current, originKey.previous, "guessed"].map(around))).toEqual([401, 401, 403]);
  });

  test("[AU1] none opens the stage again, when its name is given", async () => {
    const refused = await place.run("auth-toggle.sh", "none");
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("give --confirm prod")]);
    const { code, out, err } = await place.run("auth-toggle.sh", "--confirm", "prod", "none");
    expect([code, err], out).toEqual([0, ""]);
    expect((await fetch(`${place.publicUrl}/api/admin/shop`)).status).toBe(200);
    expect(await place.releases("rollback.json")).toMatchObject({ current: { version: "1.0.0", authMode: "none" } });
  });
});
