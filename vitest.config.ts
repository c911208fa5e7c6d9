import { defineConfig } from "vitest/config";

/** Whole releases, cut and repeated, and days in fast motion: minutes of work, by `npm run test:ops`. */
export const opsTests = [
  "tests/scripts/{release,first-release,rollback,auth-toggle,cut}.test.ts",
  "tests/{soak,load-test}.test.ts",
];

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["{contracts,frontend-client,src,scripts,tests,perf}/**/*.test.ts"],
    // They need a deployed stack: npm run test:aws.
    exclude: ["tests/aws/deployed/**", ...opsTests, "**/node_modules/**"],
    globalSetup: ["tests/support/databases.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
