import fc from "fast-check";
import { expect, test } from "vitest";
import { happen, type Plan } from "./course.ts";
import { type Encounter, encounters } from "./judge.ts";

/*
 * Replaying: fast-check prints `seed` and `path` of a failure, and the plan it came down to. MODEL_SEED and MODEL_PATH run
 * the same again; a plan can also be given to `happen` alone.
 */
const { MODEL_RUNS = "5000", MODEL_SEED, MODEL_PATH } = process.env;

const sometimes = (probability: number) => fc.constantFrom(0, probability);
const stormy: fc.Arbitrary<Plan> = fc.record({
  seed: fc.integer(),
  events: fc.integer({ min: 1, max: 60 }),
  screens: fc.integer({ min: 1, max: 2 }),
  publishers: fc.integer({ min: 1, max: 2 }),
  lost: sometimes(0.2),
  doubled: sometimes(0.2),
  unavailable: sometimes(0.05),
  unreadable: sometimes(0.1),
  hasAccidents: fc.boolean(),
  hasRestarts: fc.boolean(),
  hasTornReads: fc.boolean(),
  stops: fc.boolean(),
});

/** Where nothing goes wrong, nothing heals by a second chance either: only the order of things is left to chance. */
const calm: fc.Arbitrary<Plan> = fc.record({
  seed: fc.integer(),
  events: fc.integer({ min: 1, max: 15 }),
  screens: fc.constant(2),
  publishers: fc.integer({ min: 1, max: 2 }),
  lost: fc.constant(0),
  doubled: fc.constant(0),
  unavailable: fc.constant(0),
  unreadable: fc.constant(0),
  hasAccidents: fc.constant(false),
  hasRestarts: fc.constant(false),
  hasTornReads: fc.boolean(),
  stops: fc.constant(false),
});

test("[LV7] every course of things ends with screens that show the truth or say that they may not", async () => {
  const runs = Number(MODEL_RUNS);
  const meetings = new Map<Encounter, number>(encounters.map((encounter) => [encounter, 0]));
  const property = fc.asyncProperty(fc.oneof(stormy, calm), async (plan) => {
    const { violations, met } = await happen(plan);
    for (const encounter of met) meetings.set(encounter, (meetings.get(encounter) ?? 0) + 1);
    expect(violations).toEqual([]);
  });
  await fc.assert(property, {
    numRuns: runs,
    ...(MODEL_SEED !== undefined && { seed: Number(MODEL_SEED) }),
    ...(MODEL_PATH !== undefined && { path: MODEL_PATH }),
  });
  if (MODEL_SEED === undefined && runs >= 1_000)
    for (const [encounter, count] of meetings) expect(count, encounter).toBeGreaterThan(runs / 100);
}, 300_000);
