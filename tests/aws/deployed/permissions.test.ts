import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { assumeRole, type Keys, newUser } from "../support/aws.ts";
import { aws, output } from "../support/site.ts";

let tester: { arn: string; keys: Keys };

beforeAll(async () => {
  tester = await newUser(aws, "tester", ["arn:aws:iam::aws:policy/AdministratorAccess"]);
});

/** The keys that a function of the stack works with: its role lets the tester in for this test. */
async function keysOfFunction(name: string): Promise<Keys> {
  const found = await aws.call([
    "lambda",
    "get-function-configuration",
    "--function-name",
    output(`${name}FunctionName`),
  ]);
  const { Role } = z.object({ Role: z.string() }).parse(found);
  const statement = { Effect: "Allow", Principal: { AWS: tester.arn }, Action: "sts:AssumeRole" };
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const role = Role.split("/").at(-1) ?? "";
  await aws.call(["iam", "update-assume-role-policy", "--role-name", role, "--policy-document", policy]);
  return assumeRole(aws, Role, tester.keys);
}

const key = (pk: string, sk: string) => JSON.stringify({ pk: { S: pk }, sk: { S: sk } });
const board = "SHOP#workshop#DAY#2041-08-01";
type Table = "BoardTable" | "LiveTable";
const get = (table: Table, pk: string, sk: string) => [
  ...["dynamodb", "get-item", "--table-name", output(table), "--key", key(pk, sk)],
];
const put = (table: Table, pk: string, sk: string) => [
  ...["dynamodb", "put-item", "--table-name", output(table), "--item", key(pk, sk)],
];
const scan = (table: Table) => ["dynamodb", "scan", "--table-name", output(table)];
const secret = (name: string) => ["secretsmanager", "get-secret-value", "--secret-id", output(name)];

const call = (name: string) => [
  ...["lambda", "invoke", "--function-name", `${output(name)}:live`, "--payload", "{}", "/dev/null"],
];

/** For each function something that it must do, and something next to it that it must not. */
const rows: [string, () => string[], () => string[]][] = [
  ["Board", () => get("BoardTable", "META", "META"), () => put("BoardTable", board, "APPT#1")],
  ["Stats", () => get("BoardTable", "META", "META"), () => put("LiveTable", "TICKET#1", "META")],
  [
    "Appointments",
    () => get("BoardTable", board, "APPT#1"),
    () => put("BoardTable", "SHOP#workshop#SERVICES", "SERVICE#1"),
  ],
  ["Services", () => get("BoardTable", "SHOP#workshop", "CONFIG"), () => put("BoardTable", board, "APPT#1")],
  ["Auth", () => put("LiveTable", "PAIRING#1", "META"), () => get("BoardTable", board, "APPT#1")],
  ["Health", () => get("BoardTable", "META", "META"), () => secret("CookieSecretArn")],
  ["Live", () => get("LiveTable", "CONN#1", "META"), () => get("BoardTable", board, "APPT#1")],
  ["Publisher", () => get("LiveTable", board, "HEAD"), () => put("BoardTable", board, "APPT#1")],
  ["CarryOver", () => get("BoardTable", board, "APPT#1"), () => put("LiveTable", board, "HEAD")],
  ["Rotation", () => secret("OriginSecretArn"), () => get("BoardTable", "META", "META")],
  [
    "Canary",
    () => ["sqs", "send-message", "--queue-url", output("DeadLetterQueueUrl"), "--message-body", "{}"],
    () => get("BoardTable", "META", "META"),
  ],
  ["PreTraffic", () => call("HealthFunctionName"), () => call("RotationFunctionName")],
];

describe.each(rows)("the role of %s", (name, may, mayNot) => {
  test("may do its work, is refused its neighbour's, and reads no table whole", async () => {
    const keys = await keysOfFunction(name);
    const [allowed, ...refused] = await Promise.all(
      [may(), mayNot(), scan("BoardTable"), scan("LiveTable")].map((call) => aws.try(call, keys)),
    );
    expect(allowed).toMatchObject({ kind: "done" });
    for (const one of refused)
      expect(one).toEqual({ kind: "failed", refusal: expect.stringContaining("AccessDenied") });
  });
});
