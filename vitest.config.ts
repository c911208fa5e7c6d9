import { defineConfig } from "vitest/config";
import { LongestFirst } from "./tests/support/longest-first.ts";

/** Whole releases, cut and repeated, and days in fast motion: minutes of work, by `npm run test:ops`. */
export const opsTests = [
  "tests/scripts/{release,first-release,rollback,auth-toggle,cut,network,troubles}.test.ts",
  "tests/{soak,load-test}.test.ts",
];

const resolve = { conditions: ["source"] };

/** What holds for every test. */
export const common = {
  pool: "forks" as const,
  // Far longer than any test takes: a machine may be busy with other things, and a wait is over when its condition holds.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 30_000 } },
};

/** Tests in files that share a process with others: nothing of what they load is loaded anew for each. */
const together = ["{contracts,frontend-client,src,scripts}/**/*.test.ts"];
const apart = ["{tests,perf}/**/*.test.ts"];
// tests/aws/deployed needs a deployed stack: npm run test:aws.
const exclude = ["tests/aws/deployed/**", ...opsTests, "**/node_modules/**"];

const project = (name: string, include: string[], isolate: boolean) => ({
  resolve,
  ssr: { resolve },
  test: { ...common, name, include, exclude, isolate },
});

export default defineConfig({
  resolve,
  ssr: { resolve },
  test: {
    ...common,
    globalSetup: ["tests/support/lender.ts"],
    // More than there are cores, since many tests wait for something other than this machine's work.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [project("apart", apart, true), project("together", together, false)],
  },
});
