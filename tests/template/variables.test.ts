import { expect, test } from "vitest";
import { canaryVariables } from "../../src/runtime/canary-environment.ts";
import { lambdaVariables } from "../../src/runtime/lambda-environment.ts";
import { preTrafficVariables } from "../../src/runtime/pre-traffic-environment.ts";
import { templateFunctions } from "./template.ts";

/** Functions that read variables of their own. */
const own = new Map([
  ["canary", canaryVariables],
  ["pre-traffic", preTrafficVariables],
]);
/** All functions are given these, whether they read them or not; nobody reads DEPLOYMENT, which makes each version a new one. */
const common = ["STAGE", "RELEASE", "LOG_LEVEL", "DEPLOYMENT"];
/** Lambda sets these itself. */
const setByLambda = /^AWS_/;
/** For one machine alone; a function reads the secret by its ARN. */
const notOnAws = ["OIDC_CLIENT_SECRET", "ALLOWED_ORIGINS"];

test.each([...templateFunctions])("%s is told nothing that its code does not read", (name, { variables }) => {
  const read = [...common, ...(own.get(name) ?? lambdaVariables)];
  expect(variables.filter((variable) => !read.includes(variable))).toEqual([]);
  expect(new Set(variables).size).toBe(variables.length);
});

test("whatever code reads, some function is told", () => {
  const given = (names: readonly string[]) =>
    new Set(names.flatMap((name) => templateFunctions.get(name)?.variables ?? []));
  const others = [...templateFunctions.keys()].filter((name) => !own.has(name));
  const missing = lambdaVariables.filter((name) => !given(others).has(name) && !notOnAws.includes(name));
  expect(missing).toEqual([]);
  for (const [name, read] of own)
    expect(read.filter((variable) => !given([name]).has(variable) && !setByLambda.test(variable))).toEqual([]);
});
