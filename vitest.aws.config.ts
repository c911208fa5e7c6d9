import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * These begin, in this order. A whole release takes longest, and has a stage of its own, so it goes on beside all others. Those
 * share a stage: what breaks its publisher for a while is over before the next begins.
 */
const first = ["release.test.ts", "stream.test.ts"];

class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = first.findIndex((name) => moduleId.endsWith(`/${name}`));
      return found === -1 ? first.length : found;
    };
    return files.toSorted((one, other) => place(one) - place(other) || one.moduleId.localeCompare(other.moduleId));
  }
}

/** What is proven on a deployed template.yaml; `npm test` leaves it out, because it takes minutes. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["tests/aws/deployed/**/*.test.ts"],
    globalSetup: ["tests/aws/setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    sequence: { sequencer: InOrder },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
