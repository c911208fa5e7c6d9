import { createAppointmentSchema, createServiceSchema, limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { fieldErrorsOf, plainWords } from "./field-errors.ts";

const long = (characters: number) => "x".repeat(characters + 1);

/** A body whose every field breaks one of the server's rules. */
const wrongAppointment = {
  start: "tomorrow",
  end: "2150-01-01T00:00:00Z",
  customer: { name: " ", phone: long(limits.phoneMaxCharacters), email: "zoe" },
  vehicle: {
    year: 1800,
    make: long(limits.vehicleTextMaxCharacters),
    model: "a\nb",
    plate: "\ud800",
    vin: long(limits.vinMaxCharacters),
  },
  serviceCodes: Array.from({ length: limits.cardMaxServices + 1 }, (_, index) => `S${index}`),
  technicianId: "nobody",
  notes: long(limits.notesMaxCharacters),
  paidCents: limits.moneyMaxCents + 1,
};
const wrongService = { code: "no code", name: "", priceCents: -1, minutes: 1.5, description: long(1_000) };

function issuesOf(schema: typeof createAppointmentSchema | typeof createServiceSchema, body: unknown) {
  const parsed = schema.safeParse(body);
  return (parsed.error?.issues ?? []).map(({ path, message }) => ({ path: path.join("."), message }));
}

describe("field errors", () => {
  it("says each of the schemas' own messages in plain words", () => {
    const issues = [
      ...issuesOf(createAppointmentSchema, wrongAppointment),
      ...issuesOf(createServiceSchema, wrongService),
    ];
    expect(issues.length).toBeGreaterThan(15);
    for (const { message } of issues)
      expect(plainWords(message)).not.toMatch(/expected|invalid|too (big|small)|[<>=]/i);
    const words = issues.map(({ path, message }) => `${path}: ${plainWords(message)}`);
    expect(words).toEqual(
      expect.arrayContaining([
        "customer.name: Please fill this in.",
        `customer.phone: At most ${limits.phoneMaxCharacters} characters.`,
        "customer.email: This is not an email address.",
        `vehicle.year: At least ${limits.vehicleYearMin}.`,
        `serviceCodes: At most ${limits.cardMaxServices} of them.`,
        "minutes: This has to be a whole number.",
      ]),
    );
  });

  it("makes a sentence of words that are plain already", () => {
    expect(plainWords("must be 1 to 17 letters and digits")).toBe("Must be 1 to 17 letters and digits.");
  });

  it("puts an issue at the field of its path or around it, and keeps what no field can show", () => {
    const issues = [
      { path: "customer.name", message: "is required" },
      { path: "serviceCodes.0", message: "names a retired service" },
      { path: "serviceCodes.1", message: "names no service of this shop" },
      { path: "body", message: "the card would take more than 7168 bytes as JSON" },
    ];
    const nameOf = (path: string) => (path === "serviceCodes.0" ? "Oil change" : undefined);
    expect(fieldErrorsOf(issues, ["customer.name", "serviceCodes"], nameOf)).toEqual({
      errors: {
        "customer.name": "Please fill this in.",
        serviceCodes:
          "Oil change: It is retired. Take it off to save. It is not on the list of services any more. Take it off to save.",
      },
      rest: ["This is more text than a card holds. Shorten the notes."],
    });
  });
});
