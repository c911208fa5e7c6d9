import {
  createAppointmentSchema,
  createServiceSchema,
  editShopSchema,
  idSchema,
  statuses,
} from "@status-board/contracts";
import { expect, test } from "vitest";
import { cardId, type DayOrder, planDay } from "./plan.ts";
import { cardsInOrder, editNeeded } from "./reset-course.ts";
import { clockMinutes, instantAt, minutesInto } from "./wall-clock.ts";

const order: DayOrder = { date: "2031-05-05", cards: 200, now: "2031-05-05T10:00:00.000Z", timeZone: "Europe/Berlin" };
const at = (plan: ReturnType<typeof planDay>, status: string) => plan.cards.filter((card) => card.status === status);

test("the same order gives the same plan, and another date other cards", () => {
  expect(planDay(order)).toEqual(planDay({ ...order }));
  const other = planDay({ ...order, date: "2031-05-06" });
  expect(other.cards.map((card) => card.fields.customer)).not.toEqual(
    planDay(order).cards.map((card) => card.fields.customer),
  );
});

test("a longer day has all the cards of a shorter one", () => {
  const byIndex = (cards: number) => planDay({ ...order, cards }).cards.toSorted((a, b) => a.index - b.index);
  expect(byIndex(200).slice(0, 40)).toEqual(byIndex(40));
});

test("everything planned is valid, unchanged by what the server does to its input", () => {
  const plan = planDay({ ...order, cards: 500 });
  for (const card of plan.cards) {
    const body = { id: cardId(card, 0), ...card.fields };
    expect(createAppointmentSchema.parse(body)).toEqual(body);
  }
  for (const service of plan.services) expect(createServiceSchema.parse(service)).toEqual(service);
  expect(editShopSchema.safeParse({ expectedVersion: 1, technicians: plan.technicians }).success).toBe(true);
});

test("services are OIL001, TIRE001 and 20 more, and cards name only these and the five technicians", () => {
  const { services, technicians, cards } = planDay(order);
  const codes = services.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(["OIL001", "TIRE001"]));
  expect([new Set(codes).size, technicians.length]).toEqual([22, 5]);
  expect(codes).toEqual(expect.arrayContaining(cards.flatMap(({ fields }) => fields.serviceCodes)));
  const ids = technicians.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(cards.flatMap(({ fields }) => fields.technicianId ?? [])));
});

test("the columns have their shares", () => {
  const counts = statuses.map((status) => at(planDay(order), status).length);
  expect(counts).toEqual([60, 50, 30, 44, 16]);
});

test("a day is mixed: late, soon and unpromised, paid, partly and unpaid, some with notes and mail", () => {
  const plan = planDay({ ...order, cards: 40 });
  const inProgress = at(plan, "in_progress").map(({ fields }) => fields.promisedAt);
  expect(inProgress.some((time) => time !== undefined && time < order.now)).toBe(true);
  expect(inProgress.some((time) => time !== undefined && time > order.now)).toBe(true);
  expect(inProgress).toContain(undefined);
  const price = new Map(plan.services.map(({ code, priceCents }) => [code, priceCents]));
  const paid = at(plan, "completed").map(({ fields: { paidCents = 0, serviceCodes } }) => {
    const total = serviceCodes.reduce((sum, code) => sum + (price.get(code) ?? 0), 0);
    return paidCents === 0 ? "unpaid" : paidCents === total ? "paid" : paidCents < total ? "partly" : "too much";
  });
  expect(new Set(paid)).toEqual(new Set(["paid", "partly", "unpaid"]));
  for (const has of [
    (index: number) => plan.cards[index]?.fields.notes,
    (index: number) => plan.cards[index]?.fields.customer.email,
    (index: number) => plan.cards[index]?.fields.vehicle.vin,
  ]) {
    const share = plan.cards.filter((_, index) => has(index) !== undefined).length / plan.cards.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.7);
  }
});

test.each([
  ["Europe/Berlin", "2031-03-30"],
  ["Europe/Berlin", "2031-10-26"],
  ["America/New_York", "2031-03-09"],
  ["America/Sao_Paulo", "2018-11-04"],
  ["Pacific/Kiritimati", "2031-05-05"],
  ["Pacific/Honolulu", "2031-05-05"],
  ["Australia/Lord_Howe", "2031-10-05"],
])("[CA2] in %s on %s all cars are due between 07:30 and 17:00 of that day", (timeZone, date) => {
  for (const clock of ["01:10", "09:00", "12:00", "23:50"]) {
    const now = instantAt(date, clockMinutes(clock) ?? 0, timeZone);
    for (const { fields } of planDay({ date, timeZone, cards: 60, now }).cards) {
      const minutes = minutesInto(date, fields.start, timeZone);
      expect(minutes).toBeGreaterThanOrEqual(450);
      expect(minutes).toBeLessThanOrEqual(1020);
      expect(minutes % 15).toBe(0);
    }
  }
});

test("a moment far from the day still gives a plan spread over it", () => {
  for (const now of ["2030-01-01T00:00:00.000Z", "2032-01-01T00:00:00.000Z"]) {
    const starts = planDay({ ...order, now }).cards.map(({ fields }) => fields.start);
    expect(new Set(starts).size).toBeGreaterThan(20);
  }
});

test("a clock time that the zone skips or never had is refused", () => {
  expect(() => instantAt("2031-03-30", 150, "Europe/Berlin")).toThrow("2031-03-30 has no 02:30 in Europe/Berlin");
  expect(() => planDay({ ...order, date: "2011-12-30", timeZone: "Pacific/Apia" })).toThrow(RangeError);
  expect(instantAt("2031-03-30", 450, "Europe/Berlin")).toBe("2031-03-30T05:30:00.000Z");
  expect(instantAt("2031-01-30", 450, "Europe/Berlin")).toBe("2031-01-30T06:30:00.000Z");
});

test("ids are ULIDs of the day, one for each card and generation", () => {
  const ids = planDay(order).cards.flatMap((card) => [cardId(card, 0), cardId(card, 1)]);
  expect(new Set(ids).size).toBe(400);
  for (const id of ids) expect(idSchema.safeParse(id).success).toBe(true);
});

test("the cards that stay are as many as stand in order among themselves", () => {
  const kept = (column: string, wanted: string) => cardsInOrder([...column], [...wanted]).size;
  expect(kept("abcde", "abcde")).toBe(5);
  expect(kept("bcdea", "abcde")).toBe(4);
  expect(kept("edcba", "abcde")).toBe(1);
  expect(kept("xaybzc", "abc")).toBe(3);
  expect(kept("", "abc")).toBe(0);
});

test("an edit names only the fields that differ", () => {
  const [planned] = planDay(order).cards.filter(({ fields }) => fields.notes === undefined);
  if (planned === undefined) throw new Error("every card has notes");
  const { serviceCodes, technicianId, paidCents = 0, ...rest } = planned.fields;
  const card = {
    ...rest,
    ...(technicianId !== undefined && { technician: { id: technicianId, name: "Anybody" } }),
    id: cardId(planned, 0),
    date: order.date,
    version: 7,
    status: "ready" as const,
    rank: "V",
    services: serviceCodes.map((code) => ({ code: code.toLowerCase(), name: code, priceCents: 1, minutes: 1 })),
    totalCents: 1,
    paidCents,
    createdAt: order.now,
    updatedAt: order.now,
    updatedBy: { id: "owner", name: "Owner" },
  };
  expect(editNeeded(card, planned)).toBeUndefined();
  expect(editNeeded({ ...card, notes: "x", paidCents: paidCents + 1 }, planned)).toEqual({ notes: null, paidCents });
});
