import { errorStatus, routes } from "@status-board/contracts";
import { expect, it } from "vitest";
import { operations } from "./operations.ts";
import { errors } from "./shapes.ts";

it("[HT1] knows the method and path of each operation of the contract, and no other", () => {
  const inContract = Object.entries(routes).map(([id, { method, path }]) => [id, `${method} ${path}`]);
  expect(Object.entries(operations).map(([id, [operation]]) => [id, operation])).toEqual(inContract);
});

it("[HT2] knows each error code of the contract with its status, and no other", () => {
  const known = [...errors].map(([code, [status]]) => [code, status]);
  expect(Object.fromEntries(known)).toEqual(errorStatus);
});
