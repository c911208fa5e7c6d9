import { describe, expect, test } from "vitest";
import {
  boardOf,
  deviceKey,
  metaKey,
  pairingKey,
  sessionKey,
  shopKey,
  shopsRange,
  signInKey,
  ticketKey,
  triesKey,
} from "../../src/store/dynamodb/keys.ts";
import { isLike, statementsOf, tableRights } from "./rights.ts";
import { ofType, propertiesOf, templateFunctions, textsIn } from "./template.ts";

/** Everything else that it may do. */
const otherRights = (name: string): string[] =>
  [...new Set(statementsOf(name).flatMap(({ Action }) => Action))]
    .filter((one) => !/^dynamodb:(?!.*(Stream|Records|Shard))/.test(one))
    .toSorted();

const day = "SHOP#*#DAY#*";
const past = "SHOP#*#APPT#*";
const services = "SHOP#*#SERVICES";
const devices = "SHOP#*#DEVICES";
const shop = "SHOP#* alone";
const logs = ["logs:CreateLogStream", "logs:PutLogEvents"];
const secret = "secretsmanager:GetSecretValue";
const post = "execute-api:ManageConnections";
const readBoard = ["GetItem board META", `BatchGetItem board ${day}`, `Query board ${day}`, `GetItem live ${day}`];
const writeCard = [
  `PutItem board ${day}`,
  `PutItem board ${past}`,
  `UpdateItem board ${day}`,
  `UpdateItem board ${past}`,
];
const session = "GetItem live SESSION#*";

/** What the code of each function calls; the deployed template shows that it is enough. */
const needs: Record<string, { tables: string[]; others: string[] }> = {
  board: { tables: [...readBoard, `Query live ${day}`, "PutItem live TICKET#*", session], others: [...logs, secret] },
  stats: { tables: [...readBoard, session], others: [...logs, secret] },
  appointments: {
    tables: [
      ...[`GetItem board ${day}`, `GetItem board ${past}`, `GetItem board ${shop}`, `BatchGetItem board ${services}`],
      ...[`Query board ${past}`, `Query board ${day}`, ...writeCard, session],
    ],
    others: [...logs, secret],
  },
  services: {
    tables: [
      ...[`GetItem board ${shop}`, `PutItem board ${shop}`, `GetItem board ${services}`, `PutItem board ${services}`],
      ...[`Query board ${services}`, session],
    ],
    others: [...logs, secret],
  },
  auth: {
    tables: [
      ...[`GetItem board ${shop}`, session, "GetItem live CONN#*", `GetItem live ${devices}`],
      ...["SESSION#*", devices].map((key) => `Query live ${key}`),
      ...["SESSION#*", "SIGNIN#*", "PAIRING#*", devices].map((key) => `PutItem live ${key}`),
      ...["SESSION#*", "PAIRING#*", "TRIES#*"].map((key) => `UpdateItem live ${key}`),
      ...["SESSION#*", "SIGNIN#*", "CONN#*", day, devices].map((key) => `DeleteItem live ${key}`),
    ],
    others: [...logs, secret, post],
  },
  health: { tables: ["GetItem board META"], others: [...logs, secret] },
  live: {
    tables: [
      ...["GetItem board META", `Query board ${day}`, `Query live ${day}`, "UpdateItem live CONN#*"],
      ...["CONN#*", "SESSION#*", day].flatMap((key) => [`GetItem live ${key}`, `PutItem live ${key}`]),
      ...["CONN#*", "SESSION#*", "TICKET#*", day].map((key) => `DeleteItem live ${key}`),
    ],
    others: [...logs, post],
  },
  publisher: {
    tables: [
      ...["GetItem board META", `PutItem board ${past}`, "GetItem live CONN#*", `GetItem live ${day}`],
      ...[`Query live ${day}`, `PutItem live ${day}`],
      ...["CONN#*", "SESSION#*", day].map((key) => `DeleteItem live ${key}`),
    ],
    others: [
      ...[...logs, post, "sqs:SendMessage", "dynamodb:DescribeStream", "dynamodb:GetRecords"],
      ...["dynamodb:GetShardIterator", "dynamodb:ListStreams"],
    ],
  },
  "carry-over": {
    tables: [
      ...["Query board SHOPS", "UpdateItem board SHOPS", ...readBoard, `GetItem board ${day}`, `GetItem board ${past}`],
      ...writeCard,
    ],
    others: [...logs, "sqs:SendMessage"],
  },
  rotation: {
    tables: [],
    others: [
      ...[...logs, secret, "secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue"],
      ...["secretsmanager:UpdateSecretVersionStage", "cloudfront:GetDistribution", "cloudfront:UpdateDistribution"],
      "wafv2:GetWebACL",
    ],
  },
  canary: { tables: [], others: [...logs, "execute-api:Invoke", "sqs:SendMessage"] },
  "pre-traffic": {
    tables: [],
    others: [...logs, "lambda:InvokeFunction", "codedeploy:PutLifecycleEventHookExecutionStatus"],
  },
};

test("there is a row here for each function", () => {
  expect(Object.keys(needs).toSorted()).toEqual([...templateFunctions.keys()].toSorted());
});

describe.each(Object.entries(needs))("the role of %s", (name, { tables, others }) => {
  test("may do with the tables what its code does, under the keys that it does it, and no more", () => {
    expect(tableRights(name)).toEqual([...new Set(tables)].toSorted());
  });

  test("may do besides what its code does, and no more", () => {
    expect(otherRights(name)).toEqual([...new Set(others)].toSorted());
  });

  test("names what it may touch, and is the function's own", () => {
    for (const { Action, Resource } of statementsOf(name)) {
      const everything = textsIn(Resource).includes("*");
      expect(everything, Action.join()).toBe(Action.join() === "dynamodb:ListStreams");
    }
    const id = templateFunctions.get(name)?.id ?? "";
    expect(propertiesOf(id).Role).toEqual({ "Fn::GetAtt": `${id.replace("Function", "Role")}.Arn` });
  });
});

test("no role is used twice, and each of a function is for Lambda alone", () => {
  const roles = [...templateFunctions.values()].map(({ id }) => id.replace("Function", "Role"));
  for (const role of roles)
    expect(propertiesOf(role).AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
  const others = ofType("AWS::IAM::Role").map(([name]) => name);
  expect(others.toSorted()).toEqual([...roles, "GatewayLogsRole", "SchedulerRole"].toSorted());
});

test("the check before traffic calls what it checks, and no other function", () => {
  const { PRE_TRAFFIC_TARGETS } = templateFunctions.get("pre-traffic")?.properties.Environment.Variables ?? {};
  const checked = [
    ...textsIn(PRE_TRAFFIC_TARGETS)
      .join()
      .matchAll(/(\w+Function)\.Version/g),
  ].map(([, id]) => id);
  const calls = statementsOf("pre-traffic").find(({ Action }) => Action.includes("lambda:InvokeFunction"));
  const called = textsIn(calls?.Resource).filter((one) => one !== "Fn::Sub");
  expect(called.toSorted()).toEqual(checked.map((id) => `\${${id}.Arn}:*`).toSorted());
  expect(checked.length).toBe(8);
});

test("the keys of the roles are those that the store writes", () => {
  expect(isLike(day, boardOf("north", "2031-03-03"))).toBe(true);
  expect([metaKey.pk, shopsRange.pk]).toEqual(["META", "SHOPS"]);
  expect(isLike(devices, deviceKey("north", "d1").pk)).toBe(true);
  const made = { PAIRING: pairingKey, TRIES: triesKey, SESSION: sessionKey, SIGNIN: signInKey, TICKET: ticketKey };
  for (const [prefix, keyOf] of Object.entries(made)) expect(isLike(`${prefix}#*`, keyOf("x").pk)).toBe(true);
  const own = shopKey("north").pk;
  expect([isLike("SHOP#*", own), isLike("SHOP#*#*", own)]).toEqual([true, false]);
  expect(isLike("SHOP#*#*", boardOf("north", "2031-03-03"))).toBe(true);
});
