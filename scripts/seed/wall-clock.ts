const minuteMs = 60_000;

const midnightUtcMs = (date: string) => Date.parse(`${date}T00:00:00.000Z`);

const formats = new Map<string, Intl.DateTimeFormat>();

/** A format takes long to make: one a zone is kept. Swedish writes date and time as ISO 8601 does, but for the T. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  formats.set(timeZone, format);
  return format;
}

/** What a clock on the wall shows at a moment, read as if it were UTC. */
const shownMs = (instantMs: number, timeZone: string): number =>
  Date.parse(`${formatOf(timeZone).format(instantMs).replace(" ", "T")}.000Z`);

/** The moment at which the clocks of a time zone show `minutes` after midnight on `date`, daylight saving included. */
export function instantAt(date: string, minutes: number, timeZone: string): string {
  const wantedMs = midnightUtcMs(date) + minutes * minuteMs;
  let instantMs = wantedMs;
  // The second round corrects a first guess that fell on the other side of a change of the clocks.
  for (let round = 0; round < 2; round++) instantMs += wantedMs - shownMs(instantMs, timeZone);
  if (shownMs(instantMs, timeZone) !== wantedMs)
    throw new RangeError(`${date} has no ${clockOf(minutes)} in ${timeZone}`);
  return new Date(instantMs).toISOString();
}

/** Minutes from the midnight that begins `date` to what the clocks show at a moment; negative on the days before. */
export function minutesInto(date: string, instant: string, timeZone: string): number {
  return Math.floor((shownMs(Date.parse(instant), timeZone) - midnightUtcMs(date)) / minuteMs);
}

const clockOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** Minutes after midnight of a clock time such as 09:30; undefined for anything else. */
export function clockMinutes(text: string): number | undefined {
  const [, hours, minutes] = /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(text) ?? [];
  return hours === undefined || minutes === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}
