import { defineConfig } from "vitest/config";

/** What is proven on a deployed template.yaml; `npm test` leaves it out, because it takes minutes. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["tests/aws/deployed/**/*.test.ts"],
    globalSetup: ["tests/aws/setup.ts"],
    pool: "forks",
    // One stack, which a test may change for the next.
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
