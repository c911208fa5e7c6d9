import { routes } from "@status-board/contracts";
import { expect, it } from "vitest";
import { operations } from "./operations.ts";

it("[HT1] knows the method and path of each operation of the contract, and no other", () => {
  const inContract = Object.entries(routes).map(([id, { method, path }]) => [id, `${method} ${path}`]);
  expect(operations).toEqual(Object.fromEntries(inContract));
});
