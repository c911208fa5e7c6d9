import { limits } from "@status-board/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { centsOf, moneyText } from "./money-text.ts";

const locales = ["en-US", "en-GB", "de-DE", "de-CH", "fr-FR", "sv-SE", "pl-PL", "ar-EG", "hi-IN", "pt-BR"];

describe("money as it is typed", () => {
  it("reads back, in every locale, each amount that it writes, with and without groups and currency", () => {
    const cents = fc.integer({ min: 0, max: limits.moneyMaxCents });
    fc.assert(
      fc.property(cents, fc.constantFrom(...locales), (amount, locale) => {
        expect(centsOf(moneyText(amount, locale), locale)).toBe(amount);
        if (locale === "hi-IN" || locale === "ar-EG") return; // their groups and marks are not typed by hand
        const shown = new Intl.NumberFormat(locale, { style: "currency", currency: "EUR" }).format(amount / 100);
        expect(centsOf(shown, locale)).toBe(amount);
      }),
    );
  });

  it.each([
    ["12", 1_200],
    ["12.5", 1_250],
    ["12,5", 1_250],
    ["12,50", 1_250],
    ["12.50", 1_250],
    [" 12,50 € ", 1_250],
    ["$12.50", 1_250],
    [".5", 50],
    ["12,", 1_200],
    ["0", 0],
    ["1.234,56", 123_456],
    ["1,234.56", 123_456],
    ["1 234,56", 123_456],
    ["1’234.56", 123_456],
    ["CHF 12.50", 1_250],
    ["123.456.7,00", undefined],
    ["123.456,70", 12_345_670],
  ])("reads %j alike in German and English", (text, cents) => {
    expect([centsOf(text, "de-DE"), centsOf(text, "en-US")]).toEqual([cents, cents]);
  });

  it.each([
    ["1.234", 123_400, undefined],
    ["1,234", undefined, 123_400],
    ["12.345", 1_234_500, undefined],
  ])("takes %j for thousands only where the locale groups so", (text, german, english) => {
    expect([centsOf(text, "de-DE"), centsOf(text, "en-US")]).toEqual([german, english]);
  });

  it.each(["", " ", "-1", "1e3", "twelve", "1,2,3", "1.2.3", "12.3456", "1.23,4.5", "12,34,567", "1234.567,00", "€"])(
    "reads %j as no amount",
    (text) => {
      expect([centsOf(text, "de-DE"), centsOf(text, "en-US")]).toEqual([undefined, undefined]);
    },
  );

  it("takes no more than the server does", () => {
    expect(centsOf(moneyText(limits.moneyMaxCents, "en-US"), "en-US")).toBe(limits.moneyMaxCents);
    expect(centsOf(moneyText(limits.moneyMaxCents + 1, "en-US"), "en-US")).toBeUndefined();
  });
});
