import { createServiceSchema, editServiceSchema, type Service } from "@status-board/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blankService,
  readService,
  type ServiceForm,
  serviceFields,
  serviceFormOf,
  servicePatch,
} from "./service-form.ts";

const locale = "de-DE";
const oil: Service = {
  id: "01JQ0000000000000000000001",
  version: 3,
  code: "OIL001",
  name: "Oil change",
  priceCents: 4_950,
  minutes: 30,
  description: "With filter\nand plug",
  active: true,
  createdAt: "2026-03-01T08:00:00.000Z",
  updatedAt: "2026-03-01T08:00:00.000Z",
};
const patch = (change: Partial<ServiceForm>) => servicePatch(oil, { ...serviceFormOf(oil, locale), ...change }, locale);

const anyChange = fc.record(
  {
    code: fc.constantFrom("OIL002", "oil001"),
    name: fc.constantFrom("Oil", "Ölwechsel"),
    priceCents: fc.constantFrom("0", "12,5", "1.234,00"),
    minutes: fc.constantFrom("0", "45"),
    description: fc.constantFrom("", "Other"),
  },
  { requiredKeys: [] },
);

describe("a service as a form", () => {
  it("shows a service and reads it back as it was", () => {
    const form = serviceFormOf(oil, locale);
    expect(form.priceCents).toBe("49,50");
    const { code, name, priceCents, minutes, description } = oil;
    const input = { code, name, priceCents, minutes, description };
    expect(readService(form, locale)).toEqual({ kind: "read", input });
    expect(createServiceSchema.parse(input)).toEqual(input);
  });

  it("[AP2] sends the fields that were changed and no others, as the server takes them", () => {
    fc.assert(
      fc.property(anyChange, (change) => {
        const read = patch(change);
        if (read.kind !== "patch") throw new Error(JSON.stringify(read.errors));
        expect(Object.keys(read.patch).sort()).toEqual(Object.keys(change).sort());
        expect(editServiceSchema.parse({ expectedVersion: 1, ...read.patch })).toMatchObject(read.patch);
      }),
    );
  });

  it("clears a description with null, and leaves it out of a new service", () => {
    expect(patch({ description: " " })).toEqual({ kind: "patch", patch: { description: null } });
    const filled = readService({ ...blankService, code: "A", name: "B", priceCents: "1" }, locale);
    expect(filled).toEqual({ kind: "read", input: { code: "A", name: "B", priceCents: 100, minutes: 30 } });
  });

  it("names every field that can't be sent", () => {
    const found = readService({ ...blankService, minutes: "1.5" }, locale);
    expect(found.kind === "wrong" && Object.keys(found.errors)).toEqual(["code", "name", "priceCents", "minutes"]);
    expect(found.kind === "wrong" && Object.keys(found.errors).every((field) => serviceFields.includes(field))).toBe(
      true,
    );
  });
});
