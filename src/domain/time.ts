let writtenSecond = Number.NaN;
let upToSecond = "";

/**
 * A moment as it is written: ISO 8601 in UTC with milliseconds. Every write asks for it several times, and of a second that was just
 * written only the milliseconds are new. Throws a RangeError on an invalid date, as `toISOString` does.
 */
export function instantOf(moment: Date): string {
  const ms = moment.getTime();
  const second = Math.floor(ms / 1_000);
  if (second !== writtenSecond) {
    upToSecond = moment.toISOString().slice(0, -"000Z".length);
    writtenSecond = second;
  }
  return `${upToSecond}${String(ms - second * 1_000).padStart(3, "0")}Z`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day, YYYY-MM-DD, on which a moment falls in a time zone (CA2). */
export function localDay(instant: string, timeZone: string): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    // Swedish writes a date as ISO 8601 does.
    format = new Intl.DateTimeFormat("sv-SE", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    formats.set(timeZone, format);
  }
  return format.format(new Date(instant));
}

/** The calendar day after, YYYY-MM-DD; with `days` below zero, one before. */
export function addDays(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}
