import { publicBoardSchema } from "@status-board/contracts";
import { beforeAll, expect, test } from "vitest";
import { type Keys, newUser } from "../support/aws.ts";
import { region } from "../support/emulator.ts";
import { mustRun, run } from "../support/run.ts";
import { apiUrl, aws, output } from "../support/site.ts";

const people: Record<string, Keys> = {};
const date = "2041-06-01";
const board = `/machine/api/admin/appointments/board?date=${date}`;

beforeAll(async () => {
  const policy = output("MachinePolicyArn");
  for (const name of ["smoke", "tv", "stranger"]) people[name] = (await newUser(aws, name, [policy])).keys;
  people.nobody = (await newUser(aws, "nobody", [])).keys;
});

/** A request that curl signs. */
async function signed(
  keys: Keys | undefined,
  path: string,
  ...options: string[]
): Promise<{ status: number; body: string }> {
  if (keys === undefined) throw new Error("no such user");
  const signature = [
    "--aws-sigv4",
    `aws:amz:${region}:execute-api`,
    "--user",
    `${keys.accessKeyId}:${keys.secretAccessKey}`,
  ];
  const out = await mustRun("curl", [
    "--silent",
    "--write-out",
    "\n%{http_code}",
    ...signature,
    ...options,
    apiUrl + path,
  ]);
  const end = out.lastIndexOf("\n");
  return { status: Number(out.slice(end + 1)), body: out.slice(0, end) };
}

test("[AU1] a machine that signs is who the table says, and needs nothing else", async () => {
  const { status, body } = await signed(people.smoke, board);
  expect(status).toBe(200);
  expect(JSON.parse(body).data.date).toBe(date);
});

test("[AU6] a machine of a viewer's role gets the public projection, and writes nothing", async () => {
  const { body } = await signed(people.tv, board);
  const { data } = JSON.parse(body);
  expect(publicBoardSchema.parse(data)).toEqual(data);
  const write = await signed(
    people.tv,
    "/machine/api/admin/services",
    "--json",
    JSON.stringify({ code: "TV", name: "TV" }),
  );
  expect(write.status).toBe(403);
});

test("[AU1] who does not sign, signs wrongly or may not call is refused before any function hears of it", async () => {
  expect((await fetch(apiUrl + board)).status).toBe(403);
  expect((await signed(people.nobody, board)).status).toBe(403);
  const { smoke } = people;
  const forged = smoke && { ...smoke, secretAccessKey: "forged" };
  expect((await signed(forged, board)).status).toBe(403);
});

test("[AU1] who may call but stands in no table is nobody", async () => {
  const { status, body } = await signed(people.stranger, board);
  expect(JSON.parse(body).error.code).toBe("forbidden");
  expect(status).toBe(403);
});

/** What a program needs to sign as the machine that is a manager. */
function variables(): Record<string, string> {
  const { smoke } = people;
  if (smoke === undefined) throw new Error("no user");
  return { AWS_REGION: region, AWS_ACCESS_KEY_ID: smoke.accessKeyId, AWS_SECRET_ACCESS_KEY: smoke.secretAccessKey };
}

test("the seeder fills a board as a machine", async () => {
  const seed = ["run", "--silent", "seed", "--", "--machine", "--url", `${apiUrl}/machine`];
  const { code, out } = await run("npm", [...seed, "--date", "2041-06-02", "--cards", "4"], variables());
  expect([code, out]).toEqual([0, expect.stringContaining("4 cards: 4 created")]);
  const { body } = await signed(people.smoke, "/machine/api/admin/dashboard/stats?date=2041-06-02");
  expect(JSON.parse(body).data.jobsToday).toBeGreaterThan(0);
});

test("every step of the smoke test holds for a machine", async () => {
  const { code, out, err } = await run("scripts/smoke.sh", ["--machine", `${apiUrl}/machine`], variables());
  expect(err).toBe("");
  expect(out).toContain("ok   clean up");
  expect(code).toBe(0);
});
