import type { Service, Shop } from "@status-board/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { composeService, editService, editShop } from "./service.ts";
import { later, morning } from "./testing/cards.ts";

const id = "01JQ00000000000000000000S0";
const input = { code: "oil001", name: "Oil change", priceCents: 4_900, minutes: 30 };

describe("composeService", () => {
  it("[SV2] makes the first version of an active service, with its code as it was written", () => {
    const expected = { id, version: 1, ...input, active: true, createdAt: morning, updatedAt: morning };
    expect(composeService(id, input, morning)).toStrictEqual(expected);
    expect(
      composeService(id, { ...input, active: false, description: "Old", mutationId: "m1" }, morning),
    ).toStrictEqual({
      ...expected,
      active: false,
      description: "Old",
    });
  });
});

describe("editService", () => {
  const service: Service = { ...composeService(id, input, morning), description: "With filter" };
  const at = later(morning, 1_000);

  it("[AP2] changes what is sent and nothing else, one version on", () => {
    const anyEdit = fc.record(
      {
        code: fc.constantFrom("A", "B"),
        name: fc.string({ minLength: 1 }),
        priceCents: fc.nat(1_000),
        minutes: fc.nat(100),
        active: fc.boolean(),
        description: fc.string({ minLength: 1 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyEdit, (edit) => {
        const after = editService(service, { expectedVersion: 1, mutationId: "m1", ...edit }, at);
        expect(after).toStrictEqual({ ...service, ...edit, version: 2, updatedAt: at });
      }),
    );
  });

  it("[AP2] clears the description that is sent as null, and keeps the one that is not sent", () => {
    expect(editService(service, { expectedVersion: 1, description: null }, at)).not.toHaveProperty("description");
    expect(editService(service, { expectedVersion: 1 }, at).description).toBe("With filter");
  });

  it("[CA1] takes the version from the service, not from what was expected", () => {
    expect(editService({ ...service, version: 5 }, { expectedVersion: 1 }, at).version).toBe(6);
  });
});

describe("editShop", () => {
  const shop: Shop = {
    id: "garage",
    name: "Garage",
    timeZone: "Europe/Berlin",
    currency: "EUR",
    locale: "de-DE",
    technicians: [{ id, name: "Tom" }],
    version: 3,
  };

  it("[SH1] changes what is sent and nothing else, one version on", () => {
    const anyEdit = fc.record(
      {
        name: fc.string({ minLength: 1 }),
        currency: fc.constantFrom("USD", "CAD"),
        locale: fc.constantFrom("en-US", "fr-CA"),
        technicians: fc.constantFrom<Shop["technicians"][]>([], [{ id, name: "Thomas" }]),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyEdit, (edit) => {
        const after = editShop(shop, { expectedVersion: 3, mutationId: "m1", ...edit });
        expect(after).toStrictEqual({ ...shop, ...edit, version: 4 });
      }),
    );
  });
});
