import type { RouteId } from "../endpoints.ts";
import type { Json } from "../json-schema.ts";

export const ulid = "01JQ0000000000000000000001";
export const otherUlid = "01JQ0000000000000000000002";

/** A body with every field for each operation that takes one. */
export const bodies = {
  createAppointment: {
    id: ulid,
    start: "2031-03-03T09:00:00.000Z",
    end: "2031-03-03T10:00:00.000Z",
    promisedAt: "2031-03-03T15:00:00.000Z",
    customer: { name: "Zoë Žukov", phone: "+49 30 1234", email: "zoe@example.com" },
    vehicle: { year: 2019, make: "Škoda", model: "Octavia", plate: "B-XY 123", vin: "TMBJG7NE0K0000000" },
    serviceCodes: ["OIL001", "tyre-2"],
    technicianId: otherUlid,
    notes: "First line\n\tsecond line",
    paidCents: 100,
  },
  editAppointment: {
    expectedVersion: 3,
    mutationId: "m-1",
    start: "2031-03-03T09:00:00.000Z",
    end: "2031-03-03T10:00:00.000Z",
    promisedAt: "2031-03-03T15:00:00.000Z",
    customer: { name: "Zoë", phone: "1", email: "zoe@example.com" },
    vehicle: { year: 2019, make: "Škoda", model: "Octavia", plate: "B-XY 123", vin: "TMBJG7NE0K0000000" },
    serviceCodes: ["OIL001"],
    technicianId: otherUlid,
    notes: "New",
    paidCents: 0,
  },
  moveAppointment: { newStatus: "ready", afterId: otherUlid, expectedVersion: 3, mutationId: "m-1" },
  undoMove: { mutationId: "m-1", expectedVersion: 3 },
  createService: {
    code: "OIL001",
    name: "Oil change",
    priceCents: 4_900,
    minutes: 30,
    description: "With filter\nand plug",
    active: true,
    mutationId: "m-1",
  },
  editService: {
    expectedVersion: 3,
    mutationId: "m-1",
    code: "OIL001",
    name: "Oil change",
    priceCents: 4_900,
    minutes: 30,
    description: "With filter",
    active: false,
  },
  editShop: {
    expectedVersion: 3,
    mutationId: "m-1",
    name: "Garage",
    currency: "EUR",
    locale: "de-DE",
    technicians: [{ id: otherUlid, name: "Tom" }],
  },
  createPairing: { name: "Tom's phone", role: "technician" },
  claimPairing: { code: "ABCD-2345" },
  renameDevice: { name: "Phone in bay 2" },
} as const satisfies Partial<Record<RouteId, Json>>;

/** A card with every field, as the server answers it. */
export const card = {
  id: ulid,
  date: "2031-03-03",
  version: 3,
  status: "completed",
  rank: "V",
  start: "2031-03-03T09:00:00.000Z",
  end: "2031-03-03T10:00:00.000Z",
  promisedAt: "2031-03-03T15:00:00.000Z",
  customer: { name: "Zoë", phone: "1", email: "zoe@example.com" },
  vehicle: { year: 2019, make: "Škoda", model: "Octavia", plate: "B-XY 123", vin: "TMBJG7NE0K0000000" },
  services: [{ code: "OIL001", name: "Oil change", priceCents: 4_900, minutes: 30 }],
  technician: { id: otherUlid, name: "Tom" },
  notes: "First line\n\tsecond line",
  totalCents: 4_900,
  paidCents: 100,
  carriedFrom: "2031-03-02",
  checkInAt: "2031-03-03T09:05:00.000Z",
  checkOutAt: "2031-03-03T09:45:00.000Z",
  createdAt: "2031-03-01T09:00:00.000Z",
  updatedAt: "2031-03-03T09:45:00.000Z",
  updatedBy: { id: "anna", name: "Anna" },
} as const;
