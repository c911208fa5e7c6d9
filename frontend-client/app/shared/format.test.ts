import { describe, expect, it } from "vitest";
import {
  ago,
  dayName,
  dueWords,
  initialsOf,
  minutesInWords,
  money,
  shortDayName,
  sinceDay,
  timeOf,
  vehicleName,
  weekdayOf,
  workInWords,
} from "./format.ts";

const now = Date.parse("2026-03-03T12:00:00.000Z");
const inMinutes = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
const due = (minutes: number, status: "scheduled" | "in_progress" | "ready" | "completed" = "in_progress") =>
  dueWords({ status, promisedAt: inMinutes(minutes) }, now);

describe("times and money in words", () => {
  it("writes times on the shop's clock, in 24 hours", () => {
    expect(timeOf("2026-03-03T23:05:00.000Z", { timeZone: "America/New_York" })).toBe("18:05");
    expect(timeOf("2026-03-03T23:05:00.000Z", { timeZone: "Europe/Berlin" })).toBe("00:05");
  });

  it("names days in English, in the order that the shop is used to", () => {
    expect(dayName("2026-03-03", { locale: "en-US" })).toBe("Tuesday, March 3");
    expect(dayName("2026-03-03", { locale: "de-DE" })).toBe("Tuesday 3 March");
    expect(shortDayName("2026-03-03", { locale: "en-US" })).toBe("Tue, Mar 3");
    expect(shortDayName("2027-03-03", { locale: "de-DE" }, "2026-12-31")).toBe("Wed, 3 Mar 2027");
    expect(shortDayName("2026-03-03", { locale: "de-DE" }, "2026-12-31")).toBe("Tue 3 Mar");
    expect(weekdayOf("2026-03-03")).toBe("Tuesday");
  });

  it("says since when a car is here, and the date once the weekday would mislead", () => {
    expect(sinceDay("2026-03-02", "2026-03-03", { locale: "de-DE" })).toBe("since Mon");
    expect(sinceDay("2026-02-25", "2026-03-03", { locale: "de-DE" })).toBe("since Wed");
    expect(sinceDay("2026-02-24", "2026-03-03", { locale: "de-DE" })).toBe("since 24 Feb");
  });

  it("writes cents as the shop writes money", () => {
    const dollars = { locale: "en-US", currency: "USD" };
    expect(money(12_000, dollars)).toBe("$120");
    expect(money(8_950, dollars)).toBe("$89.50");
    expect(money(123_456, { locale: "de-DE", currency: "EUR" })).toBe("1.234,56\u00a0€");
  });

  it.each([
    [0, "0 min"],
    [59, "59 min"],
    [60, "1 h"],
    [130, "2 h 10 min"],
    [2_880, "2 days"],
  ])("writes %d minutes as %s", (minutes, expected) => expect(minutesInWords(minutes)).toBe(expected));

  it.each([
    [130, "2 h 10 min"],
    [600, "10 h"],
    [2_900, "48 h"],
  ])("writes %d minutes of work as %s", (minutes, expected) => expect(workInWords(minutes)).toBe(expected));

  it.each([
    [-0.4, "just now"],
    [3, "3 s ago"],
    [59.9, "59 s ago"],
    [120, "2 min ago"],
    [7_260, "2 h 1 min ago"],
    // The server's clock may be ahead of the screen's.
    [-5, "just now"],
  ])("says of %d seconds: %s", (seconds, expected) => {
    expect(ago(new Date(now - seconds * 1_000).toISOString(), now)).toBe(expected);
  });

  it("[ST1] says nothing while there is time, warns in the last 30 minutes, then counts what is late", () => {
    expect(due(31)).toBeUndefined();
    expect(due(30)).toBeUndefined();
    expect(due(29)).toEqual({ kind: "soon", words: "due in 29 min" });
    expect(due(0)).toEqual({ kind: "soon", words: "due now" });
    expect(due(-1)).toEqual({ kind: "late", words: "1 min late" });
    expect(due(-25, "scheduled")).toEqual({ kind: "late", words: "25 min late" });
    expect(due(-150)).toEqual({ kind: "late", words: "2 h 30 min late" });
  });

  it("[ST1] never calls a car late that is ready or gone, nor one without a promise", () => {
    expect(due(-25, "ready")).toBeUndefined();
    expect(due(-25, "completed")).toBeUndefined();
    expect(dueWords({ status: "in_progress" }, now)).toBeUndefined();
  });

  it("shortens names to initials, whatever their letters", () => {
    expect(initialsOf("Ana Novak")).toBe("AN");
    expect(initialsOf("Jean-Luc de la Tour")).toBe("JT");
    expect(initialsOf("żaneta")).toBe("Ż");
    expect(initialsOf("  ")).toBe("");
  });

  it("names a vehicle by what is known of it", () => {
    expect(vehicleName({ make: "VW", model: "Golf", year: 2017 })).toBe("VW Golf 2017");
    expect(vehicleName({ model: "Golf" })).toBe("Golf");
    expect(vehicleName({})).toBeUndefined();
  });
});
