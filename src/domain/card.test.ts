import { type Appointment, type CreateAppointment, limits, type Service, type Shop } from "@status-board/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moved } from "./appointment.ts";
import { type CardContext, composeCard, editCard } from "./card.ts";
import { aCard, anna, anyInstant, aStored, bob, later, morning } from "./testing/cards.ts";

const tom = { id: "01JQ00000000000000000000T0", name: "Tom" };
const ute = { id: "01JQ00000000000000000000T1", name: "Ute" };
const shop: Shop = {
  id: "garage",
  name: "Garage",
  timeZone: "Europe/Berlin",
  currency: "EUR",
  locale: "de-DE",
  technicians: [tom, ute],
  version: 1,
};

const aService = (code: string, priceCents: number, change: Partial<Service> = {}): Service => ({
  id: "01JQ00000000000000000000S0",
  version: 1,
  code,
  name: `Service ${code}`,
  priceCents,
  minutes: 30,
  active: true,
  createdAt: morning,
  updatedAt: morning,
  ...change,
});
const services = [aService("OIL001", 4_900), aService("Tyre", 8_000), aService("OLD", 1_000, { active: false })];
const context: CardContext = { shop, services, by: bob, at: morning };

const id = "01JQ0000000000000000000001";
const input: CreateAppointment = {
  start: "2031-03-03T23:30:00.000Z",
  end: "2031-03-04T00:30:00.000Z",
  customer: { name: "Zoe" },
  vehicle: {},
  serviceCodes: [],
};

const line = ({ code, name, priceCents, minutes }: Service) => ({ code, name, priceCents, minutes });
const lines = services.map(line);

/** The card, or a failure that shows why there is none. */
function composed(result: ReturnType<typeof composeCard>): Appointment {
  if (result.kind !== "composed") throw new Error(`expected a card, but: ${JSON.stringify(result)}`);
  return result.card;
}

describe("composeCard", () => {
  it("[CA1] makes the first version of a scheduled card, by its maker", () => {
    const card = composed(composeCard(id, input, context));
    expect(card).toStrictEqual({
      id,
      date: "2031-03-04",
      version: 1,
      status: "scheduled",
      rank: "",
      start: input.start,
      end: input.end,
      customer: { name: "Zoe" },
      vehicle: {},
      services: [],
      totalCents: 0,
      paidCents: 0,
      createdAt: morning,
      updatedAt: morning,
      updatedBy: bob,
    });
  });

  it("[CA2] dates a card by the shop's own day of its start", () => {
    const dateIn = (timeZone: string) =>
      composed(composeCard(id, input, { ...context, shop: { ...shop, timeZone } })).date;
    expect(dateIn("Europe/Berlin")).toBe("2031-03-04");
    expect(dateIn("America/New_York")).toBe("2031-03-03");
  });

  it("[CA3] copies the services that the codes name, in any case, and adds up their prices", () => {
    const card = composed(composeCard(id, { ...input, serviceCodes: ["tyre", "oil001"] }, context));
    expect(card.services).toStrictEqual([lines[1], lines[0]]);
    expect(card.totalCents).toBe(12_900);
  });

  it("[AP2] names each code that is unknown or retired, and an unknown technician", () => {
    const wrong = { ...input, serviceCodes: ["OIL001", "NONE", "old"], technicianId: id };
    expect(composeCard(id, wrong, context)).toEqual({
      kind: "invalid_request",
      issues: [
        { path: "serviceCodes.1", message: "names no service of this shop" },
        { path: "serviceCodes.2", message: "names a retired service" },
        { path: "technicianId", message: "names no technician of this shop" },
      ],
    });
  });

  it("[AP2] takes over everything else that is sent", () => {
    const sent = { promisedAt: later(morning, 1), notes: "Later", paidCents: 500, vehicle: { plate: "B-X 1" } };
    const card = composed(composeCard(id, { ...input, ...sent, technicianId: tom.id }, context));
    expect(card).toMatchObject({ ...sent, technician: tom });
  });
});

describe("editCard", () => {
  const card = aCard({
    services: lines.slice(0, 1),
    totalCents: 4_900,
    promisedAt: later(morning, 1),
    technician: tom,
    notes: "old",
    paidCents: 100,
  });
  const edited = (change: Parameters<typeof editCard>[1], from = card, over: Partial<CardContext> = {}) =>
    editCard(from, change, { ...context, ...over });
  const expectedVersion = 1;
  const written = { version: 2, updatedAt: morning, updatedBy: bob };

  it("[AP2] changes what is sent and nothing else", () => {
    const anyEdit = fc.record(
      {
        promisedAt: anyInstant,
        notes: fc.string({ minLength: 1 }),
        paidCents: fc.nat(1_000),
        customer: fc.record({ name: fc.string({ minLength: 1 }) }),
        vehicle: fc.record({ plate: fc.string({ minLength: 1 }) }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyEdit, (edit) => {
        expect(composed(edited({ expectedVersion, ...edit }))).toStrictEqual({ ...card, ...edit, ...written });
      }),
    );
  });

  it("[AP2] clears an optional field that is sent as null, and what was paid to 0", () => {
    const { promisedAt, technician, notes, ...rest } = card;
    const cleared = { promisedAt: null, technicianId: null, notes: null, paidCents: null };
    expect(composed(edited({ expectedVersion, ...cleared }))).toStrictEqual({ ...rest, ...written, paidCents: 0 });
  });

  it("[AP2] replaces customer and vehicle whole", () => {
    const from = aCard({
      customer: { name: "Zoe", phone: "1", email: "z@example.com" },
      vehicle: { year: 2019, make: "VW" },
    });
    const after = composed(edited({ expectedVersion, customer: { name: "Max" }, vehicle: {} }, from));
    expect([after.customer, after.vehicle]).toStrictEqual([{ name: "Max" }, {}]);
  });

  it("[CA3] keeps the lines of codes that the card has, at the price they were copied with", () => {
    const dearer = services.map((service) => ({ ...service, priceCents: service.priceCents * 2, name: "New name" }));
    const after = composed(edited({ expectedVersion, serviceCodes: ["oil001", "TYRE"] }, card, { services: dearer }));
    expect(after.services).toStrictEqual([lines[0], { ...lines[1], priceCents: 16_000, name: "New name" }]);
    expect(after.totalCents).toBe(20_900);
  });

  it("[CA3] keeps every line and the total when no codes are sent, whatever has become of the services", () => {
    const after = composed(edited({ expectedVersion, notes: "new" }, card, { services: [] }));
    expect([after.services, after.totalCents]).toEqual([card.services, 4_900]);
  });

  it("[SV3] keeps a line whose service is retired or gone, but takes no new one", () => {
    const from = aCard({ services: lines.slice(2), totalCents: 1_000 });
    expect(composed(edited({ expectedVersion, serviceCodes: ["OLD"] }, from)).services).toEqual([lines[2]]);
    expect(composed(edited({ expectedVersion, serviceCodes: ["OLD"] }, from, { services: [] })).services).toEqual([
      lines[2],
    ]);
    expect(edited({ expectedVersion, serviceCodes: ["OLD"] })).toMatchObject({ issues: [{ path: "serviceCodes.0" }] });
  });

  it("[CA3] takes all lines away for an empty list", () => {
    expect(composed(edited({ expectedVersion, serviceCodes: [] }))).toMatchObject({ services: [], totalCents: 0 });
  });

  it("[SH1] keeps a technician's copied name, also once he has left the shop", () => {
    const over = { shop: { ...shop, technicians: [{ ...tom, name: "Thomas" }] } };
    expect(composed(edited({ expectedVersion, technicianId: tom.id }, card, over)).technician).toEqual(tom);
    const empty = { shop: { ...shop, technicians: [] } };
    expect(composed(edited({ expectedVersion, notes: "new" }, card, empty)).technician).toEqual(tom);
    expect(composed(edited({ expectedVersion, technicianId: ute.id })).technician).toEqual(ute);
    expect(edited({ expectedVersion, technicianId: ute.id }, card, empty)).toMatchObject({ kind: "invalid_request" });
  });

  it("[CA2] follows another start to its day, and ends the carry-over", () => {
    const from = aCard({ date: "2031-03-05", carriedFrom: "2031-03-03", status: "ready" });
    const start = "2031-03-06T23:30:00.000Z";
    const after = composed(edited({ expectedVersion, start, end: start }, from));
    expect(after).toMatchObject({ date: "2031-03-07", start, status: "ready" });
    expect(after).not.toHaveProperty("carriedFrom");
  });

  it("[CA2] moves nothing for the same start sent again", () => {
    const from = aCard({ date: "2031-03-05", carriedFrom: "2031-03-03" });
    const after = composed(edited({ expectedVersion, start: from.start, notes: "new" }, from));
    expect(after).toMatchObject({ date: "2031-03-05", carriedFrom: "2031-03-03" });
  });

  it("[CA2] ends the carry-over of a card whose new start is on the first day again", () => {
    const from = aCard({ date: "2031-03-05", carriedFrom: "2031-03-03" });
    const after = composed(edited({ expectedVersion, start: "2031-03-03T09:30:00.000Z" }, from));
    expect(after.date).toBe("2031-03-03");
    expect(after).not.toHaveProperty("carriedFrom");
  });

  it("[AP2] refuses an end before the start, whichever of the two is sent", () => {
    const issues = [{ path: "end", message: "must not be before start" }];
    expect(edited({ expectedVersion, end: "2031-03-03T08:59:59.999Z" })).toEqual({ kind: "invalid_request", issues });
    expect(edited({ expectedVersion, start: "2031-03-03T10:00:00.001Z" })).toEqual({ kind: "invalid_request", issues });
    expect(edited({ expectedVersion, end: card.start }).kind).toBe("composed");
  });

  it("[CA4] leaves place and check times alone", () => {
    const from = aCard({ status: "completed", rank: "K", checkInAt: morning, checkOutAt: later(morning, 1) });
    const after = composed(
      edited({ expectedVersion, start: "2031-03-04T09:00:00.000Z", end: "2031-03-04T10:00:00.000Z" }, from),
    );
    expect(after).toMatchObject({ status: "completed", rank: "K", checkInAt: morning, checkOutAt: later(morning, 1) });
  });
});

describe("a card's size", () => {
  const bytes = (card: unknown) => new TextEncoder().encode(JSON.stringify(card)).length;
  const many = Array.from({ length: limits.cardMaxServices }, (_, index) => aService(`S${index}`, 1));
  const wide = (characters: number) =>
    composeCard(
      id,
      { ...input, notes: "€".repeat(characters), serviceCodes: many.map(({ code }) => code) },
      {
        ...context,
        services: many,
      },
    );

  /** The longest notes that still fit. */
  const most = (() => {
    let characters = 0;
    while (wide(characters + 1).kind === "composed") characters++;
    return characters;
  })();

  it("[CA7] is refused beyond 8 KB, counted in bytes, less what the server writes itself", () => {
    expect(most).toBeLessThan(limits.notesMaxCharacters);
    const allowed = limits.cardMaxBytes - limits.cardServerPartMaxBytes;
    const counted = { ...composed(wide(most)), rank: "", updatedBy: { id: "", name: "" } };
    expect(bytes(counted)).toBeLessThanOrEqual(allowed);
    expect(bytes(counted)).toBeGreaterThan(allowed - 3);
    expect(wide(most + 1)).toEqual({
      kind: "invalid_request",
      issues: [{ path: "body", message: `the card would take more than ${allowed} bytes as JSON` }],
    });
  });

  it("[CA7] stays within 8 KB whatever the server adds to the largest card", () => {
    const by = { id: "x".repeat(limits.shopIdMaxCharacters), name: "🚗".repeat(limits.nameMaxCharacters) };
    const card = { ...composed(wide(most)), version: 2_147_483_646, carriedFrom: "2031-03-01", checkInAt: morning };
    const rank = "V".repeat(limits.rankMaxCharacters);
    const after = moved(aStored(card), { to: "completed", rank, by, at: morning });
    expect(bytes({ ...after.card, status: "in_progress" })).toBeLessThanOrEqual(limits.cardMaxBytes);
  });

  it("[CA7] lets an edit take something off the largest card, whoever wrote it last", () => {
    const largest = { ...composed(wide(most)), rank: "V".repeat(limits.rankMaxCharacters), checkInAt: morning };
    const result = editCard({ ...largest, updatedBy: anna }, { expectedVersion: 1, paidCents: 1 }, context);
    expect(result.kind).toBe("composed");
  });
});
