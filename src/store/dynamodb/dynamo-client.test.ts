import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect, it } from "vitest";
import { createDynamoClient } from "./dynamo-client.ts";
import { createStreamsClient } from "./streams-client.ts";

const steps = ({ middlewareStack }: { middlewareStack: { identify: () => string[] } }) =>
  middlewareStack.identify().map((step) => step.split(" ")[0]);
const config = { region: "local", endpoint: "http://127.0.0.1:9" };

it.for([
  ["tables", () => createDynamoClient(config)],
  ["streams", () => createStreamsClient(config)],
] as const)("a client for %s makes no copies of calls for a log", ([, open]) => {
  expect(steps(open())).toEqual(steps(new DynamoDBClient(config)).filter((step) => step !== "loggerMiddleware"));
  expect(steps(new DynamoDBClient(config))).toContain("loggerMiddleware");
});
