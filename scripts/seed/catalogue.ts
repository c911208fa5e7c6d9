import type { CreateService, Named } from "@status-board/contracts";
import { ulidFor } from "./random.ts";

type Row = readonly [code: string, name: string, priceCents: number, minutes: number, description?: string];

const rows: readonly Row[] = [
  [
    "OIL001",
    "Oil and filter change",
    12_900,
    45,
    "5W-30 up to 5 l, oil filter, drain plug seal, service indicator reset.",
  ],
  ["TIRE001", "Seasonal tire change", 4_900, 30, "Four wheels, pressure and torque checked."],
  ["TIRE002", "Tire change with balancing", 8_900, 60, "Four tires off and on the rim, balanced, new valves."],
  ["TIRE003", "Tire storage, one season", 5_900, 10],
  ["BRK001", "Brake pads, front", 18_900, 75, "Pads with wear sensor; discs are measured and reported."],
  ["BRK002", "Brake discs and pads, front", 38_900, 120],
  ["BRK003", "Brake discs and pads, rear", 34_900, 120],
  ["BRK004", "Brake fluid change", 8_900, 40],
  ["INSP001", "Small inspection", 19_900, 90, "By the maker's schedule, small service."],
  ["INSP002", "Large inspection", 39_900, 180, "By the maker's schedule, with air, cabin and fuel filter."],
  ["TUV001", "General inspection (HU/AU)", 14_900, 45, "With the inspector, Tuesdays and Thursdays."],
  ["AC001", "Air conditioning service", 11_900, 60, "Refrigerant evacuated, leak test, refilled."],
  ["AC002", "Air conditioning disinfection", 6_900, 30],
  ["BAT001", "Battery replacement", 21_900, 30, "Battery, coding and disposal of the old one."],
  ["DIAG001", "Fault diagnosis", 8_900, 60, "Fault memory read, guided search for one hour."],
  ["TIM001", "Timing belt and water pump", 69_900, 300],
  ["CLU001", "Clutch replacement", 94_900, 420],
  ["EXH001", "Exhaust repair", 24_900, 90],
  ["SUS001", "Wheel alignment", 12_900, 60, "All four wheels, with protocol."],
  ["SUS002", "Shock absorbers, rear axle", 32_900, 120],
  ["GLS001", "Windscreen replacement", 64_900, 150],
  ["WASH001", "Interior and exterior cleaning", 7_900, 60],
];

/** Names the attempt to create a service. A service that was removed since takes the next generation's. */
export const serviceMutationId = (code: string, generation: number) => `seed-service-${code}-${generation}`;

/** The services of the shop that is played. */
export const seedServices: readonly CreateService[] = rows.map(([code, name, priceCents, minutes, description]) => ({
  code,
  name,
  priceCents,
  minutes,
  ...(description !== undefined && { description }),
}));

const hiredMs = Date.UTC(2024, 0, 2);

/** The shop's five technicians. */
export const seedTechnicians: readonly Named[] = [
  "Anna Weber",
  "Mehmet Yıldız",
  "Jonas Krüger",
  "Katarzyna Nowak",
  "Luca Romano",
].map((name) => ({ id: ulidFor(`technician/${name}`, hiredMs), name }));

/** What the front desk writes on a card. */
export const seedNotes: readonly string[] = [
  "Waits in the shop. Coffee without milk.",
  "Please call before doing anything beyond the estimate.",
  "Squeals when braking from 80 km/h, front left.",
  "Key is in the drop box, slot 4.",
  "Needs a replacement car until tomorrow.",
  "Engine light comes on when cold.",
  "Summer wheels are in the boot.\nLocking key in the glove box.",
  "Child seat in the back: please leave it in place.",
  "Invoice to the leasing company.",
  "Was here last week for the same fault, goodwill.",
  "Scratch on the rear bumper was there before, photo taken.",
  "Picks up after 17:30.",
];
