import { dayOf, instantAt, isDay } from "../shared/days.ts";
import { timeOf } from "../shared/format.ts";

/** A day (YYYY-MM-DD) and a time of day (HH:MM) as the shop's clock shows them. */
export interface WallTime {
  date: string;
  time: string;
}

const timePattern = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What the clock of that zone shows at a moment (ISO 8601, or ms since 1970). */
export function wallTimeOf(moment: string | number, timeZone: string): WallTime {
  return { date: dayOf(moment, timeZone), time: timeOf(moment, { timeZone }) };
}

/**
 * The moment, ISO 8601 in UTC, at which the clock of that zone shows this; of a time that comes twice, the first.
 * `no_such_time` where a change of the clocks leaves it out, `not_a_time` where it is none at all.
 */
export function momentOf({ date, time }: WallTime, timeZone: string): { at: string } | "no_such_time" | "not_a_time" {
  if (!isDay(date) || !timePattern.test(time)) return "not_a_time";
  const at = instantAt(date, time, timeZone);
  const shown = wallTimeOf(at, timeZone);
  return shown.date === date && shown.time === time ? { at } : "no_such_time";
}

/** When a new appointment may well begin: the next quarter hour today, else when workshops open. */
export function nextSlot(date: string, now: number, timeZone: string): string {
  const quarterMs = 15 * 60_000;
  const slot = wallTimeOf(Math.ceil(now / quarterMs) * quarterMs, timeZone);
  return slot.date === date ? slot.time : "08:00";
}
