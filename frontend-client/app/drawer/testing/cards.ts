import type { Appointment } from "@status-board/contracts";

export const shop = { timeZone: "Europe/Berlin", locale: "de-DE", currency: "EUR" };

export const oil = { code: "OIL001", name: "Oil change", priceCents: 4_900, minutes: 30 };
export const brakes = { code: "BRK001", name: "Brake check", priceCents: 2_500, minutes: 20 };

/** A card with every part that a form shows; its times have seconds, as another client may have written them. */
export const fullCard: Appointment = {
  id: "01JQ0000000000000000000001",
  date: "2026-03-03",
  version: 4,
  status: "scheduled",
  rank: "V",
  start: "2026-03-03T08:30:15.250Z",
  end: "2026-03-03T10:00:45.250Z",
  promisedAt: "2026-03-04T15:00:30.000Z",
  customer: { name: "Zoë Žukov", phone: "+49 30 1234", email: "zoe@example.com" },
  vehicle: { year: 2019, make: "Škoda", model: "Octavia", plate: "B-XY 123", vin: "TMBJG7NE0K0000000" },
  services: [oil, brakes],
  technician: { id: "01JQ0000000000000000000009", name: "Ana" },
  notes: "First line\nsecond line",
  totalCents: 7_400,
  paidCents: 1_250,
  createdAt: "2026-03-01T08:00:00.000Z",
  updatedAt: "2026-03-01T08:00:00.000Z",
  updatedBy: { id: "ana", name: "Ana" },
};

/** A card with as little as there can be. */
export const bareCard: Appointment = {
  id: fullCard.id,
  date: fullCard.date,
  version: 1,
  status: "scheduled",
  rank: "V",
  start: "2026-03-03T08:30:00.000Z",
  end: "2026-03-03T08:30:00.000Z",
  customer: { name: "Zoë" },
  vehicle: {},
  services: [],
  totalCents: 0,
  paidCents: 0,
  createdAt: fullCard.createdAt,
  updatedAt: fullCard.updatedAt,
  updatedBy: fullCard.updatedBy,
};
