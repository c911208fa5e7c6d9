import { defineConfig } from "vitest/config";
import { LongestFirst } from "./tests/support/longest-first.ts";

/** Whole releases, cut and repeated, and days in fast motion: minutes of work, by `npm run test:ops`. */
export const opsTests = [
  "tests/scripts/{release,first-release,rollback,auth-toggle,cut,network,troubles}.test.ts",
  "tests/{bench,soak,load-test}.test.ts",
];

const resolve = { conditions: ["source"] };

/** What holds for every test. */
export const common = {
  pool: "forks" as const,
  // Far longer than any test takes: a machine may be busy with other things, and a wait is over when its condition holds.
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 30_000 } },
};

/** Files with a process of their own: they measure or load it, or have a browser. The rest share a few. */
const apart = [
  "tests/live/storm-*.test.ts",
  "tests/care/year.test.ts",
  "tests/{page,package}/**/*.test.ts",
  "tests/docs-page.test.ts",
  "tests/*/browser.test.ts",
];
// tests/aws/deployed needs a deployed stack: npm run test:aws.
const exclude = ["tests/aws/deployed/**", ...opsTests, "**/node_modules/**"];

const project = (name: string, isolate: boolean, test: { include: string[]; exclude: string[] }) => ({
  resolve,
  ssr: { resolve },
  test: { ...common, name, isolate, ...test },
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
    projects: [
      project("apart", true, { include: apart, exclude }),
      project("together", false, {
        include: ["{contracts,frontend-client,src,scripts,tests,perf}/**/*.test.ts"],
        exclude: [...exclude, ...apart],
      }),
    ],
  },
});
