import { isLate, type Shop, type Status, type Vehicle } from "@status-board/contracts";

/** What of a shop decides how a time or a price is written. */
export type ShopFormats = Pick<Shop, "locale" | "currency" | "timeZone">;

const minuteMs = 60_000;
/** A card says that it is due within so many minutes before its promised time. */
export const soonMinutes = 30;

const formats = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();

function cached<Format extends Intl.DateTimeFormat | Intl.NumberFormat>(key: string, make: () => Format): Format {
  const known = formats.get(key);
  // The key names the kind of format, so what stands under it is of that kind.
  if (known !== undefined) return known as Format;
  const made = make();
  formats.set(key, made);
  return made;
}

/** Names of days stand in English sentences; a shop that writes English has its own order of day and month. */
const wordsLocale = (locale: string) => (/^en\b/i.test(locale) ? locale : "en-GB");

/** The time of a moment (ISO 8601, or ms since 1970) on the shop's clock, in 24 hours so that times stand in line: "09:30". */
export function timeOf(moment: string | number, { timeZone }: Pick<ShopFormats, "timeZone">): string {
  const format = cached(
    `time ${timeZone}`,
    () => new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  );
  return format.format(new Date(moment));
}

function dayFormat(date: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  const words = wordsLocale(locale);
  const format = cached(
    `day ${words} ${JSON.stringify(options)}`,
    () => new Intl.DateTimeFormat(words, { timeZone: "UTC", ...options }),
  );
  return format.format(new Date(`${date}T00:00:00Z`));
}

/** A calendar day (YYYY-MM-DD) in words: "Tuesday 4 November". */
export function dayName(date: string, { locale }: Pick<ShopFormats, "locale">): string {
  return dayFormat(date, locale, { weekday: "long", day: "numeric", month: "long" });
}

/** A calendar day (YYYY-MM-DD) where room is short: "Tue 4 Nov"; with its year where that is not the year of `today`. */
export function shortDayName(date: string, { locale }: Pick<ShopFormats, "locale">, today = date): string {
  const isThisYear = date.slice(0, 4) === today.slice(0, 4);
  const year = isThisYear ? {} : { year: "numeric" as const };
  return dayFormat(date, locale, { weekday: "short", day: "numeric", month: "short", ...year });
}

/** The weekday of a calendar day (YYYY-MM-DD): "Tuesday", or "Tue" with `short`. */
export function weekdayOf(date: string, length: "long" | "short" = "long"): string {
  return dayFormat(date, "en-GB", { weekday: length });
}

/** Since when a car is here: "since Tue", or "since 4 Nov" where it was more than six days before `today` (YYYY-MM-DD). */
export function sinceDay(date: string, today: string, { locale }: Pick<ShopFormats, "locale">): string {
  const days = (Date.parse(today) - Date.parse(date)) / (24 * 60 * minuteMs);
  if (days <= 6) return `since ${weekdayOf(date, "short")}`;
  return `since ${dayFormat(date, locale, { day: "numeric", month: "short" })}`;
}

/** Integer cents as the shop writes money, without decimals where there are none: "$120", "$89.50". */
export function money(cents: number, { locale, currency }: Pick<ShopFormats, "locale" | "currency">): string {
  const format = cached(
    `money ${locale} ${currency}`,
    () => new Intl.NumberFormat(locale, { style: "currency", currency, trailingZeroDisplay: "stripIfInteger" }),
  );
  return format.format(cents / 100);
}

/** A length or a delay: "25 min", "2 h", "2 h 10 min", and "3 days" from two days on. */
export function minutesInWords(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** Minutes of work, which are not counted in days: "2 h 10 min", and full hours from ten hours on, "35 h". */
export const workInWords = (minutes: number): string =>
  minutes < 600 ? minutesInWords(minutes) : `${Math.round(minutes / 60)} h`;

/** How long ago a moment (ISO 8601) was at `now` (ms since 1970): "just now", "3 s ago", "2 min ago", "4 h ago". */
export function ago(moment: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(moment)) / 1_000);
  if (seconds < 1) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  return `${minutesInWords(Math.floor(seconds / 60))} ago`;
}

/** What a card says of its promised time. */
export interface DueWords {
  kind: "soon" | "late";
  /** "due in 20 min", "due now", "25 min late". */
  words: string;
}

/**
 * What a card's promised time (ISO 8601) has to say at `now` (ms since 1970): undefined while there is time, and always
 * for a car that is ready or gone (ST1).
 */
export function dueWords(card: { status: Status; promisedAt?: string | undefined }, now: number): DueWords | undefined {
  const { status, promisedAt } = card;
  if (promisedAt === undefined || (status !== "scheduled" && status !== "in_progress")) return undefined;
  const minutes = Math.floor((Date.parse(promisedAt) - now) / minuteMs);
  if (isLate(card, new Date(now).toISOString()))
    return { kind: "late", words: `${minutesInWords(Math.max(1, -minutes))} late` };
  if (minutes >= soonMinutes) return undefined;
  return { kind: "soon", words: minutes === 0 ? "due now" : `due in ${minutes} min` };
}

/** A name's first letters for where it does not fit: "Ana Novak" is "AN". */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /\p{L}|\p{N}/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => (word ? [...word][0] : ""));
  return letters.join("").toUpperCase();
}

/** "VW Golf 2017"; undefined where a vehicle has neither make, model nor year. */
export function vehicleName(vehicle: Vehicle): string | undefined {
  const words = [vehicle.make, vehicle.model, vehicle.year].filter((part) => part !== undefined);
  return words.length === 0 ? undefined : words.join(" ");
}
