import { describe, expect, it } from "vitest";
import type { z } from "zod";
import * as appointment from "./appointment.ts";
import { limits } from "./limits.ts";
import { createServiceSchema, editServiceSchema, listServicesQuerySchema } from "./service.ts";
import { editShopSchema } from "./shop.ts";
import { bodies, otherUlid, ulid } from "./testing/samples.ts";

const { createAppointmentSchema, editAppointmentSchema, moveAppointmentSchema } = appointment;

/** The dotted paths that a refusal names; none when the input is taken. */
const named = (schema: z.ZodType, input: unknown): string[] =>
  (schema.safeParse(input).error?.issues ?? []).map(({ path }) => path.join("."));

const create = (change: object) => named(createAppointmentSchema, { ...bodies.createAppointment, ...change });
const edit = (change: object) => named(editAppointmentSchema, { expectedVersion: 1, ...change });
const move = (change: object) => named(moveAppointmentSchema, { newStatus: "ready", expectedVersion: 1, ...change });

describe("a new appointment", () => {
  it("[AP2] ends no earlier than it starts, whatever offsets the two are written with", () => {
    const start = "2031-03-03T09:00:00Z";
    expect(create({ start, end: start })).toEqual([]);
    expect(create({ start, end: "2031-03-03T10:30:00+02:00" })).toEqual(["end"]);
    expect(create({ start: "2031-03-03T10:30:00+02:00", end: start })).toEqual([]);
  });

  it("[AP2] may have no services and an empty vehicle, but names no code twice in any case", () => {
    expect(create({ serviceCodes: [], vehicle: {} })).toEqual([]);
    expect(create({ serviceCodes: ["OIL001", "TYRE", "oil001"] })).toEqual(["serviceCodes.2"]);
    const codes = Array.from({ length: limits.cardMaxServices + 1 }, (_, index) => `C${index}`);
    expect(create({ serviceCodes: codes })).toEqual(["serviceCodes"]);
    expect(create({ serviceCodes: codes.slice(1) })).toEqual([]);
  });

  it("[HT3] holds text, years and addresses to their limits", () => {
    const customer = (change: object) => create({ customer: { name: "Zoe", ...change } });
    expect(customer({ name: "x".repeat(limits.nameMaxCharacters) })).toEqual([]);
    expect(customer({ name: "x".repeat(limits.nameMaxCharacters + 1) })).toEqual(["customer.name"]);
    expect(customer({ phone: "1".repeat(limits.phoneMaxCharacters + 1) })).toEqual(["customer.phone"]);
    for (const email of ["zoe", "zoe@", "a b@example.com", "zoe@example.com\n", `${"x".repeat(250)}@example.com`])
      expect([email, customer({ email })[0]]).toEqual([email, "customer.email"]);
    const vehicle = (change: object) => create({ vehicle: change });
    expect(vehicle({ year: 1885 })).toEqual(["vehicle.year"]);
    expect(vehicle({ year: 2101 })).toEqual(["vehicle.year"]);
    expect(vehicle({ vin: "TMB-1" })).toEqual(["vehicle.vin"]);
    expect(vehicle({ vin: "1".repeat(18) })).toEqual(["vehicle.vin"]);
    expect(vehicle({ plate: "x".repeat(limits.plateMaxCharacters + 1) })).toEqual(["vehicle.plate"]);
    expect(create({ notes: "x".repeat(limits.notesMaxCharacters) })).toEqual([]);
    expect(create({ notes: "x".repeat(limits.notesMaxCharacters + 1) })).toEqual(["notes"]);
  });

  it("[CA3] takes neither a total nor a status nor a version from the client", () => {
    for (const key of ["totalCents", "status", "version", "rank", "date", "services", "mutationId", "checkInAt"])
      expect([key, create({ [key]: 1 })]).toEqual([key, [""]]);
  });

  it("[AP1] gives equal inputs equal JSON, however the client orders its fields", () => {
    const turned = Object.fromEntries(Object.entries(bodies.createAppointment).toReversed());
    const customer = Object.fromEntries(Object.entries(bodies.createAppointment.customer).toReversed());
    const json = (input: unknown) => JSON.stringify(createAppointmentSchema.parse(input));
    expect(json({ ...turned, customer })).toBe(json(bodies.createAppointment));
    expect(json({ ...bodies.createAppointment, start: "2031-03-03T11:00:00+02:00" })).toBe(
      json(bodies.createAppointment),
    );
  });
});

describe("an edit of an appointment", () => {
  it("[AP2] clears the optional fields with null, and no others", () => {
    expect(edit({ promisedAt: null, technicianId: null, notes: null, paidCents: null })).toEqual([]);
    for (const key of ["start", "end", "customer", "vehicle", "serviceCodes", "mutationId"])
      expect(edit({ [key]: null })).toEqual([key]);
  });

  it("[AP2] says from which version it was made, and never names an id", () => {
    expect(named(editAppointmentSchema, { notes: "new" })).toEqual(["expectedVersion"]);
    expect(edit({ id: ulid })).toEqual([""]);
    expect(edit({})).toEqual([]);
  });

  it("[AP2] replaces customer and vehicle whole, so both are checked whole", () => {
    expect(edit({ customer: { phone: "1" } })).toEqual(["customer.name"]);
    expect(edit({ vehicle: { colour: "red" } })).toEqual(["vehicle"]);
  });
});

describe("a move", () => {
  it("[MV6] names at most one of position, afterId and beforeId", () => {
    for (const anchor of [{}, { position: 0 }, { afterId: otherUlid }, { beforeId: otherUlid }])
      expect(move(anchor)).toEqual([]);
    expect(move({ position: 0, afterId: otherUlid })).toEqual(["afterId"]);
    expect(move({ afterId: otherUlid, beforeId: ulid })).toEqual(["beforeId"]);
    expect(move({ position: 0, afterId: otherUlid, beforeId: ulid })).toEqual(["afterId", "beforeId"]);
  });

  it("[MV6] counts positions from 0", () => {
    expect(move({ position: 0 })).toEqual([]);
    for (const position of [-1, 0.5, "0", null]) expect(move({ position })).toEqual(["position"]);
  });

  it("[MV1] goes to one of the five columns", () => {
    for (const newStatus of appointment.statuses) expect(move({ newStatus })).toEqual([]);
    for (const newStatus of ["removed", "READY", "", null, "__proto__"])
      expect(move({ newStatus })).toEqual(["newStatus"]);
  });
});

describe("services and the shop", () => {
  it("[HT3] holds a service's fields to their limits", () => {
    const service = (change: object) => named(createServiceSchema, { ...bodies.createService, ...change });
    expect(service({ priceCents: limits.moneyMaxCents + 1 })).toEqual(["priceCents"]);
    expect(service({ minutes: limits.serviceMaxMinutes + 1 })).toEqual(["minutes"]);
    expect(service({ minutes: 0, priceCents: 0 })).toEqual([]);
    expect(service({ description: null })).toEqual(["description"]);
    expect(named(editServiceSchema, { expectedVersion: 1, description: null })).toEqual([]);
    expect(service({ id: ulid })).toEqual([""]);
  });

  it("[SV1] takes an empty search as well as none", () => {
    const list = (query: object) => named(listServicesQuerySchema, query);
    expect(list({})).toEqual([]);
    expect(list({ search: "" })).toEqual([]);
    expect(list({ search: "x".repeat(limits.searchMaxCharacters + 1) })).toEqual(["search"]);
    expect(list({ search: "\ud800" })).toEqual(["search"]);
    expect(list({ limit: "0" })).toEqual(["limit"]);
    expect(list({ cursor: "a b" })).toEqual(["cursor"]);
  });

  it("[SH1] lets neither the time zone nor the id of a shop be edited", () => {
    const shop = (change: object) => named(editShopSchema, { expectedVersion: 1, ...change });
    expect(shop({ timeZone: "Europe/Berlin" })).toEqual([""]);
    expect(shop({ id: "other" })).toEqual([""]);
    for (const currency of ["eur", "EURO", "", "€"]) expect(shop({ currency })).toEqual(["currency"]);
    for (const locale of ["de_DE", "", "x", "de-DE ".repeat(9)]) expect(shop({ locale })[0]).toBe("locale");
    for (const locale of ["de", "de-DE", "zh-Hant-TW"]) expect(shop({ locale })).toEqual([]);
  });

  it("[SH1] has no technician twice, and no more than 50", () => {
    const shop = (technicians: object[]) => named(editShopSchema, { expectedVersion: 1, technicians });
    const tom = { id: ulid, name: "Tom" };
    expect(shop([tom, { ...tom, name: "Ute" }])).toEqual(["technicians.1.id"]);
    const id = (index: number) => `01JQ00000000000000000000${String(index).padStart(2, "0")}`;
    const many = Array.from({ length: limits.shopMaxTechnicians + 1 }, (_, index) => ({ id: id(index), name: "Tom" }));
    expect(shop(many)).toEqual(["technicians"]);
    expect(shop(many.slice(1))).toEqual([]);
    expect(shop([{ ...tom, role: "boss" }])).toEqual(["technicians.0"]);
  });
});
