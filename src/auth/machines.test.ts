import { expect, it } from "vitest";
import { knowMachines } from "./machines.ts";

const account = "123456789012";
const know = knowMachines({
  shopId: "north",
  roles: {
    [`arn:aws:iam::${account}:role/ci/team/smoke`]: "manager",
    [`arn:aws:iam::${account}:role/screen`]: "viewer",
    [`arn:aws-cn:iam::${account}:user/people/load`]: "technician",
  },
});

it("[AU1] a machine has the role of its ARN, an assumed role that of its role, whatever its path and session", () => {
  const smoke = { shopId: "north", user: { id: "role/smoke", name: "role/smoke" }, role: "manager" };
  expect(know(`arn:aws:sts::${account}:assumed-role/smoke/i-0abc`)).toEqual(smoke);
  expect(know(`arn:aws:sts::${account}:assumed-role/smoke/GitHubActions@main`)).toEqual(smoke);
  expect(know(`arn:aws:iam::${account}:role/ci/team/smoke`)).toEqual(smoke);
  expect(know(`arn:aws:sts::${account}:assumed-role/screen/1`)?.role).toBe("viewer");
  expect(know(`arn:aws-cn:iam::${account}:user/people/load`)).toMatchObject({
    user: { id: "user/people/load" },
    role: "technician",
  });
});

it("[AU1] nobody is taken for another: not of another account, partition, kind or name", () => {
  for (const arn of [
    `arn:aws:sts::210987654321:assumed-role/smoke/x`,
    `arn:aws-cn:sts::${account}:assumed-role/smoke/x`,
    `arn:aws:iam::${account}:user/smoke`,
    `arn:aws:sts::${account}:federated-user/smoke`,
    `arn:aws:sts::${account}:assumed-role/other/smoke`,
    `arn:aws:sts::${account}:assumed-role/Smoke/x`,
    `arn:aws:sts::${account}:assumed-role/smoke`,
    `arn:aws-cn:iam::${account}:user/load`,
    `arn:aws:iam::${account}:root`,
    "",
    "__proto__",
  ])
    expect(know(arn), arn).toBeUndefined();
});
