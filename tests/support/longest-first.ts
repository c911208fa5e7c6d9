import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that take longest, the longest first. A fresh clone remembers no durations, and what begins last ends last. */
const longest = [
  "src/store/dynamodb/contract.test.ts",
  "tests/live/storm-dynamo.test.ts",
  "tests/live/storm-sqlite.test.ts",
  "tests/smoke.test.ts",
  "tests/page/axe.test.ts",
  "tests/page/states.test.ts",
  "tests/page/tv.test.ts",
  "tests/page/drag.test.ts",
  "scripts/seed.test.ts",
  "tests/live/killed-publisher.test.ts",
  "src/store/dynamodb/streams-feed.test.ts",
  "tests/care/year.test.ts",
];

/** Where a file comes in the order: the long ones, then those with a process of their own, then the rest. */
function placeOf({ moduleId, project }: TestSpecification): number {
  const known = longest.findIndex((name) => moduleId.endsWith(`/${name}`));
  if (known >= 0) return known;
  return project.config.isolate ? longest.length : longest.length + 1;
}

/** Begins with what takes longest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => placeOf(one) - placeOf(other) || (one.moduleId < other.moduleId ? -1 : 1));
  }
}
