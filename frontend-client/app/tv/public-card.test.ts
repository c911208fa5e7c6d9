import { type PublicAppointment, publicAppointmentSchema } from "@status-board/contracts";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { publicCard } from "./public-card.ts";
import { CarCard, NextCard } from "./tv-cards.tsx";

/** A whole card as staff get it; every value that is nobody's business in the hall says so. */
const whole: PublicAppointment & Record<string, unknown> = {
  id: "01K00000000000000000000001",
  date: "2031-03-03",
  version: 7,
  status: "in_progress",
  rank: "secret rank",
  start: "2031-03-03T08:00:00.000Z",
  end: "2031-03-03T09:00:00.000Z",
  promisedAt: "2031-03-03T15:30:00.000Z",
  checkInAt: "2031-03-03T08:05:00.000Z",
  carriedFrom: "2031-03-01",
  customer: Object.assign({ name: "Maria Keller" }, { phone: "secret phone", email: "secret@email" }),
  vehicle: Object.assign({ make: "VW", model: "Golf", plate: "B-MK 1234" }, { vin: "secret vin", year: 1987 }),
  services: [
    Object.assign({ name: "Oil change" }, { code: "secret code", priceCents: 98_765, minutes: 4_321 }),
    Object.assign({ name: "Brake check" }, { code: "secret code", priceCents: 98_765, minutes: 4_321 }),
    Object.assign({ name: "Wipers" }, { code: "secret code", priceCents: 98_765, minutes: 4_321 }),
  ],
  technician: { id: "secret technician", name: "Anna Weber" },
  notes: "secret notes",
  totalCents: 98_765,
  paidCents: 56_789,
  createdAt: "2030-12-24T00:00:00.000Z",
  updatedAt: "2030-12-24T00:00:00.000Z",
  updatedBy: { id: "secret user", name: "secret user" },
};
const secrets = /secret|98.?765|56.?789|4.?321|1987|2030/i;

const shop = { timeZone: "Europe/Berlin", locale: "de-DE", currency: "EUR" };
const props = { card: publicCard(whole), shop, today: "2031-03-03", now: Date.parse("2031-03-03T12:00:00.000Z") };

describe("a card in the customers' hall", () => {
  it("[AU6] has nothing that the public form of a card has not, though staff opened the view", () => {
    expect(JSON.stringify(whole)).toMatch(secrets);
    expect(JSON.stringify(props.card)).not.toMatch(secrets);
    expect(publicCard(publicAppointmentSchema.parse(whole))).toEqual(props.card);
  });

  it.each([
    ["in work", CarCard],
    ["expected", NextCard],
  ])("[AU6] brings nothing else to the screen when it is %s", (_, Card) => {
    const markup = renderToStaticMarkup(createElement(Card, props));
    expect(markup).not.toMatch(secrets);
    expect(markup).toContain('aria-label="Maria Keller, VW Golf"');
    expect(markup).toContain("B-MK 1234");
  });

  it("says until when, what and who, and since when it is here", () => {
    const text = renderToStaticMarkup(createElement(CarCard, props)).replace(/<[^>]*>/g, "|");
    for (const words of ["by 16:30", "Oil change, Brake check +1", "Anna Weber", "here since Sat"])
      expect(text).toContain(words);
    const expected = renderToStaticMarkup(createElement(NextCard, props)).replace(/<[^>]*>/g, "|");
    expect(expected).toContain("09:00");
  });

  it("shows a card that has no more than a name", () => {
    const bare = { ...whole, status: "ready" as const, vehicle: {}, services: [], customer: { name: "<b>Zoe</b>" } };
    const { technician: _, promisedAt: __, carriedFrom: ___, ...rest } = bare;
    const markup = renderToStaticMarkup(createElement(CarCard, { ...props, card: publicCard(rest) }));
    expect(markup).toContain("&lt;b&gt;Zoe&lt;/b&gt;");
    expect(markup).not.toMatch(/undefined|null|NaN/);
  });
});
