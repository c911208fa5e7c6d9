import { defineConfig } from "vitest/config";
import base, { common, opsTests } from "./vitest.config.ts";

/** What takes minutes and concerns whoever operates the board; `npm test` leaves it out. */
export default defineConfig({
  ...base,
  test: {
    ...common,
    globalSetup: ["tests/support/lender.ts"],
    maxWorkers: 2,
    include: opsTests,
    exclude: ["**/node_modules/**"],
  },
});
