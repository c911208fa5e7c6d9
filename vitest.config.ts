import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["{contracts,frontend-client,src,scripts,tests,perf}/**/*.test.ts"],
    // They need a deployed stack: npm run test:aws.
    exclude: ["tests/aws/deployed/**", "**/node_modules/**"],
    globalSetup: ["tests/support/databases.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
