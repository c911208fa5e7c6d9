import { type Appointment, limits, type Named, statuses } from "@status-board/contracts";
import fc from "fast-check";
import type { StoredCard, Tombstone } from "../appointment.ts";
import type { Mutation } from "../mutation.ts";

export const anna: Named = { id: "anna", name: "Anna" };
export const bob: Named = { id: "bob", name: "Bob" };
export const morning = "2031-03-03T08:00:00.000Z";

/** `ms` after another moment. */
export const later = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();

export function aCard(change: Partial<Appointment> = {}): Appointment {
  return {
    id: "01JQ0000000000000000000001",
    date: "2031-03-03",
    version: 1,
    status: "scheduled",
    rank: "V",
    start: "2031-03-03T09:00:00.000Z",
    end: "2031-03-03T10:00:00.000Z",
    customer: { name: "Zoe" },
    vehicle: { make: "Skoda" },
    services: [],
    totalCents: 0,
    paidCents: 0,
    createdAt: morning,
    updatedAt: morning,
    updatedBy: anna,
    ...change,
  };
}

export const aStored = (card: Appointment, change: Partial<StoredCard> = {}): StoredCard => ({
  kind: "card",
  card,
  memory: [],
  ...change,
});

export const aTombstone = (change: Partial<Tombstone> = {}): Tombstone => ({
  kind: "tombstone",
  id: "01JQ0000000000000000000001",
  date: "2031-03-03",
  version: 2,
  at: morning,
  by: anna,
  expiresAt: later(morning, limits.tombstoneKeptMs),
  memory: [],
  ...change,
});

export const anyStatus = fc.constantFrom(...statuses);
export const anyInstant = fc
  .date({ min: new Date("2031-03-01T00:00:00.000Z"), max: new Date("2031-03-05T00:00:00.000Z"), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Few enough ids and hashes that they often meet. */
export const anyMutation: fc.Arbitrary<Mutation> = fc.record({
  id: fc.constantFrom("m1", "m2", "m3", "m4", "m5"),
  hash: fc.constantFrom("h1", "h2"),
});

const anyOptional = fc.record(
  { promisedAt: anyInstant, checkInAt: anyInstant, checkOutAt: anyInstant, notes: fc.string() },
  { requiredKeys: [] },
);

/** Cards of all columns and check times, with versions near each other. */
export const anyCard: fc.Arbitrary<Appointment> = fc
  .tuple(
    fc.record({
      status: anyStatus,
      version: fc.integer({ min: 1, max: 4 }),
      totalCents: fc.integer({ min: 0, max: 100_000 }),
      paidCents: fc.integer({ min: 0, max: 100_000 }),
    }),
    anyOptional,
  )
  .map(([required, optional]) => aCard({ ...required, ...optional }));

export const anyMemory = fc.uniqueArray(
  fc.tuple(anyMutation, fc.integer({ min: 1, max: 4 })).map(([mutation, version]) => ({ ...mutation, version })),
  { selector: ({ id }) => id, maxLength: limits.mutationsRemembered },
);

export const anyStored: fc.Arbitrary<StoredCard> = fc
  .tuple(anyCard, anyMemory)
  .map(([card, memory]) => aStored(card, { memory }));
