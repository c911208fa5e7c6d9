import { expect, inject, test } from "vitest";
import { run } from "../support/run.ts";

test("every step of the product holds at the deployed site, the live feed included", async () => {
  const { code, out, err } = await run("scripts/smoke.sh", [inject("publicUrl")]);
  expect(err).toBe("");
  expect(out).toContain("ok   live");
  expect(code).toBe(0);
});
