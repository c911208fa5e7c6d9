import { describe, expect, it } from "vitest";
import { cardName, owedCents, type ShownCard, workMinutes } from "./shown-card.ts";
import { cardOf } from "./testing/cards.ts";

const oil = { code: "OIL001", name: "Oil change", priceCents: 4_000, minutes: 30 };

describe("a card as it is shown", () => {
  it("is named by customer and vehicle, or what there is of it", () => {
    expect(cardName(cardOf("a", { vehicle: { make: "VW", model: "Golf" } }))).toBe("Customer a, VW Golf");
    expect(cardName(cardOf("a", { vehicle: { plate: "B-1" } }))).toBe("Customer a, B-1");
    expect(cardName(cardOf("a"))).toBe("Customer a, no vehicle");
  });

  it("[ST1] owes what is not paid, never less than nothing, and nothing for a car that did not come", () => {
    expect(owedCents(cardOf("a", { totalCents: 500, paidCents: 200 }))).toBe(300);
    expect(owedCents(cardOf("a", { totalCents: 500, paidCents: 600 }))).toBe(0);
    expect(owedCents(cardOf("a", { totalCents: 500, status: "no_show" }))).toBe(0);
  });

  it("[AU6] has neither money nor minutes for a viewer", () => {
    const { totalCents: _, paidCents: __, ...rest } = cardOf("a", { services: [oil] });
    const card: ShownCard = { ...rest, services: [{ name: "Oil change" }] };
    expect([owedCents(card), workMinutes([card])]).toEqual([0, 0]);
  });

  it("counts the minutes of work in a column", () => {
    expect(workMinutes([cardOf("a", { services: [oil, oil] }), cardOf("b"), cardOf("c", { services: [oil] })])).toBe(
      90,
    );
  });
});
