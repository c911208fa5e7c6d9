import { editAppointmentSchema } from "@status-board/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CardForm, type FormKey, formOf } from "./card-form.ts";
import { patchOf } from "./card-patch.ts";
import { bareCard, brakes, fullCard, oil, shop } from "./testing/cards.ts";

const patch = (change: Partial<CardForm>, card = fullCard) => patchOf(card, { ...formOf(card, shop), ...change }, shop);

/** For each part of a form: other values, and the fields of a patch that they may touch. */
const edits: Record<FormKey, { values: readonly CardForm[FormKey][]; fields: readonly string[] }> = {
  date: { values: ["2026-03-05", "2027-01-01"], fields: ["start", "end"] },
  time: { values: ["10:00", "00:00"], fields: ["start", "end"] },
  minutes: { values: ["0", "120"], fields: ["end"] },
  promisedDate: { values: ["2026-03-06"], fields: ["promisedAt"] },
  promisedTime: { values: ["18:00"], fields: ["promisedAt"] },
  name: { values: ["Max"], fields: ["customer"] },
  phone: { values: ["", "1"], fields: ["customer"] },
  email: { values: ["", "max@example.com"], fields: ["customer"] },
  year: { values: ["", "2001"], fields: ["vehicle"] },
  make: { values: ["", "VW"], fields: ["vehicle"] },
  model: { values: ["", "Golf"], fields: ["vehicle"] },
  plate: { values: ["", "B-AB 1"], fields: ["vehicle"] },
  vin: { values: ["", "WVW1"], fields: ["vehicle"] },
  services: { values: [[], [oil], [brakes, oil]], fields: ["serviceCodes"] },
  technicianId: { values: ["", "01JQ0000000000000000000008"], fields: ["technicianId"] },
  notes: { values: ["", "other"], fields: ["notes"] },
  paid: { values: ["", "20"], fields: ["paidCents"] },
};

const anyEdit = fc.record(
  Object.fromEntries(Object.entries(edits).map(([key, { values }]) => [key, fc.constantFrom(...values)])),
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<CardForm>>;

describe("from an edited form to a patch", () => {
  it("[AP2] sends the fields that were changed and no others, as the server takes them", () => {
    fc.assert(
      fc.property(anyEdit, (change) => {
        const read = patch(change);
        if (read.kind !== "patch") throw new Error(JSON.stringify(read.errors));
        const allowed = (Object.keys(change) as FormKey[]).flatMap((key) => edits[key].fields);
        expect(new Set(Object.keys(read.patch))).toEqual(new Set(allowed));
        expect(editAppointmentSchema.parse({ expectedVersion: 1, ...read.patch })).toMatchObject(read.patch);
      }),
    );
  });

  it("[AP2] sends nothing of a card that nobody touched, whatever its seconds", () => {
    expect(patch({})).toEqual({ kind: "patch", patch: {} });
    expect(patch({}, bareCard)).toEqual({ kind: "patch", patch: {} });
  });

  it("[AP2] sends customer and vehicle whole, and null for what was cleared", () => {
    expect(patch({ phone: "", technicianId: "", notes: " ", promisedDate: "", promisedTime: "", paid: "" })).toEqual({
      kind: "patch",
      patch: {
        promisedAt: null,
        customer: { name: "Zoë Žukov", email: "zoe@example.com" },
        technicianId: null,
        notes: null,
        paidCents: 0,
      },
    });
  });

  it("keeps the length to the millisecond when only the start moves, and the start when only the length does", () => {
    expect(patch({ time: "10:00" })).toEqual({
      kind: "patch",
      patch: { start: "2026-03-03T09:00:00.000Z", end: "2026-03-03T10:30:30.000Z" },
    });
    expect(patch({ minutes: "60" })).toEqual({ kind: "patch", patch: { end: "2026-03-03T09:30:15.250Z" } });
  });

  it("answers what is wrong instead of a patch", () => {
    expect(patch({ name: "" })).toEqual({ kind: "wrong", errors: { "customer.name": "Please fill this in." } });
  });
});
