import { defineConfig } from "vitest/config";
import base, { opsTests } from "./vitest.config.ts";

/** What takes minutes and concerns whoever operates the board; `npm test` leaves it out. */
export default defineConfig({ ...base, test: { ...base.test, include: opsTests, exclude: ["**/node_modules/**"] } });
