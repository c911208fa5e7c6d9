import { createAppointmentSchema } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { blankForm, type CardForm, fieldNames, followed, formOf, readForm } from "./card-form.ts";
import { bareCard, brakes, fullCard, oil, shop } from "./testing/cards.ts";

const blank = { ...blankForm("2026-03-03", "09:30"), name: "Zoë" };
const read = (change: Partial<CardForm>) => readForm({ ...blank, ...change }, shop);

describe("a card as a form", () => {
  it("shows a card's parts on the shop's clock and in the shop's money", () => {
    expect(formOf(fullCard, shop)).toEqual({
      date: "2026-03-03",
      time: "09:30",
      minutes: "91",
      promisedDate: "2026-03-04",
      promisedTime: "16:00",
      name: "Zoë Žukov",
      phone: "+49 30 1234",
      email: "zoe@example.com",
      year: "2019",
      make: "Škoda",
      model: "Octavia",
      plate: "B-XY 123",
      vin: "TMBJG7NE0K0000000",
      services: [oil, brakes],
      technicianId: "01JQ0000000000000000000009",
      notes: "First line\nsecond line",
      paid: "12,50",
    });
  });

  it("reads what is typed into a body that the server takes, without what is not given", () => {
    const filled = read({
      promisedTime: "17:15",
      phone: " 123 ",
      year: "2017",
      vin: "WVW1",
      services: [oil],
      paid: "12,50",
      notes: "a\nb",
    });
    const expected = {
      start: "2026-03-03T08:30:00.000Z",
      end: "2026-03-03T09:30:00.000Z",
      promisedAt: "2026-03-03T16:15:00.000Z",
      customer: { name: "Zoë", phone: "123" },
      vehicle: { year: 2017, vin: "WVW1" },
      serviceCodes: ["OIL001"],
      notes: "a\nb",
      paidCents: 1_250,
    };
    expect(filled).toEqual({ kind: "read", input: expected });
    expect(createAppointmentSchema.parse(expected)).toEqual(expected);
  });

  it.each<[Partial<CardForm>, string]>([
    [{ name: " " }, "customer.name"],
    [{ date: "" }, "start"],
    [{ date: "2026-02-31" }, "start"],
    [{ time: "" }, "startTime"],
    [{ date: "2026-03-29", time: "02:30" }, "startTime"],
    [{ minutes: "" }, "end"],
    [{ minutes: "1.5" }, "end"],
    [{ promisedDate: "2026-03-29", promisedTime: "02:30" }, "promisedTime"],
    [{ promisedDate: "2026-03-29" }, "promisedTime"],
    [{ promisedDate: "2026-02-31", promisedTime: "10:00" }, "promisedAt"],
    [{ year: "20I7" }, "vehicle.year"],
    [{ paid: "1,2345" }, "paidCents"],
  ])("names the one field that can't be sent: %j", (change, field) => {
    const found = read(change);
    expect(found.kind === "wrong" && Object.keys(found.errors)).toEqual([field]);
    expect(fieldNames).toContain(field);
  });

  it("names all that is wrong at once", () => {
    const found = read({ name: "", minutes: "x", paid: "x" });
    expect(found.kind === "wrong" && Object.keys(found.errors).sort()).toEqual(["customer.name", "end", "paidCents"]);
  });

  it("reads a card that nobody touched", () => {
    expect(readForm(formOf(bareCard, shop), shop).kind).toBe("read");
    expect(readForm(formOf(fullCard, shop), shop).kind).toBe("read");
  });

  it("lets the length follow the services until it is set apart", () => {
    const withOil = followed(blank, { ...blank, services: [oil] });
    const withBoth = followed(withOil, { ...withOil, services: [oil, brakes] });
    const apart = followed(withBoth, { ...withBoth, minutes: "120" });
    const fewer = followed(apart, { ...apart, services: [oil] });
    expect([blank, withOil, withBoth, apart, fewer].map(({ minutes }) => minutes)).toEqual([
      "60",
      "30",
      "50",
      "120",
      "120",
    ]);
    expect(followed(withOil, { ...withOil, services: [] }).minutes).toBe("60");
  });
});
