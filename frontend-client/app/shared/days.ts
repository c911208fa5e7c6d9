const dayFormats = new Map<string, Intl.DateTimeFormat>();
const clockFormats = new Map<string, Intl.DateTimeFormat>();

const dayMs = 86_400_000;
const datePattern = /^\d{4}-\d{2}-\d{2}$/;

function cached(formats: Map<string, Intl.DateTimeFormat>, timeZone: string, options: Intl.DateTimeFormatOptions) {
  let format = formats.get(timeZone);
  if (format === undefined) {
    // Swedish writes a date as ISO 8601 does.
    format = new Intl.DateTimeFormat("sv-SE", { timeZone, ...options });
    formats.set(timeZone, format);
  }
  return format;
}

/** The calendar day, YYYY-MM-DD, on which a moment (ms since 1970, or ISO 8601) falls in a time zone. */
export function dayOf(moment: number | string, timeZone: string): string {
  return cached(dayFormats, timeZone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(moment));
}

/** True for a real calendar day written YYYY-MM-DD within the years that the server takes. */
export function isDay(value: string): boolean {
  if (!datePattern.test(value) || value < "2000" || value > "2100") return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

/** The calendar day so many days later, YYYY-MM-DD; earlier with a number below zero. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** What the clock on a wall in that zone shows, read as if it were UTC, in ms. */
function wallClock(ms: number, timeZone: string): number {
  const format = cached(clockFormats, timeZone, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  return Date.parse(`${format.format(ms).replace(" ", "T")}Z`);
}

/**
 * The moment, ISO 8601 in UTC, at which the clock on a wall in that zone shows `time` (HH:MM) on `date` (YYYY-MM-DD).
 * A time that a change of clocks leaves out becomes the one an hour later; of one that comes twice, it is the first.
 */
export function instantAt(date: string, time: string, timeZone: string): string {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  const before = wanted - (wallClock(wanted - dayMs, timeZone) - (wanted - dayMs));
  const after = wanted - (wallClock(wanted + dayMs, timeZone) - (wanted + dayMs));
  const right = [before, after].sort((one, other) => one - other).find((ms) => wallClock(ms, timeZone) === wanted);
  return new Date(right ?? before).toISOString();
}

/** The first moment, in ms since 1970, of the day after the one in which `now` falls in that zone, to the second. */
export function nextMidnight(now: number, timeZone: string): number {
  const today = dayOf(now, timeZone);
  let before = now;
  let after = now + 2 * dayMs;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayOf(middle, timeZone) === today) before = middle;
    else after = middle;
  }
  return after;
}
