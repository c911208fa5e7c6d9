import { limits } from "@status-board/contracts";

/** Spaces of every width, and the apostrophes by which Switzerland groups digits. */
const groupSpaces = /[\s'’]/g;
/** A sign such as €, or a code such as CHF before or behind the number. */
const currencyMarks = /\p{Sc}|^\s*[A-Z]{3}|[A-Z]{3}\s*$/gu;
const plainNumber = /^\d+(\.\d{1,2})?$/;

/** The sign that groups thousands in a locale: "." in German, "," in English. */
function groupSign(locale: string): string | undefined {
  const parts = new Intl.NumberFormat(locale, { numberingSystem: "latn" }).formatToParts(1_234_567);
  return parts.find(({ type }) => type === "group")?.value;
}

/** Integer cents as a person types them in that locale, without currency or groups: 1250 is "12,50" in German. */
export function moneyText(cents: number, locale: string): string {
  const format = new Intl.NumberFormat(locale, {
    numberingSystem: "latn",
    useGrouping: false,
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return format.format(cents / 100);
}

/**
 * What a person typed as integer cents; undefined for what is no amount, has more than two decimals or is too much.
 * Point and comma both serve as decimal sign, as in "12,50" and "12.50". One with three digits behind it is read as
 * grouping only where the locale groups so: "1.234" is a thousand in German and no amount in English, never 1.23.
 */
export function centsOf(text: string, locale: string): number | undefined {
  const digits = text.replaceAll(currencyMarks, "").replaceAll(groupSpaces, "");
  const number = withoutGroups(digits, locale);
  if (number === undefined || !plainNumber.test(number)) return undefined;
  const [whole = "", decimals = ""] = number.split(".");
  const cents = Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
  return cents <= limits.moneyMaxCents ? cents : undefined;
}

/** The number with a point for its decimal sign and no other; undefined where its signs make no sense. */
function withoutGroups(digits: string, locale: string): string | undefined {
  const signs = digits.replaceAll(/[^.,]/g, "");
  const last = signs.at(-1);
  if (last === undefined) return digits;
  const [whole, tail] = splitAtLast(digits, last);
  if (tail.length === 3) {
    const groupsOnly = new Set(signs).size === 1 && (signs.length > 1 || last === groupSign(locale));
    return groupsOnly ? joinGroups(digits, last) : undefined;
  }
  const inWhole = new Set(whole.replaceAll(/[^.,]/g, ""));
  if (inWhole.has(last) || inWhole.size > 1) return undefined;
  const [group] = inWhole;
  const joined = group === undefined ? whole || "0" : joinGroups(whole, group);
  return joined === undefined ? undefined : tail === "" ? joined : `${joined}.${tail}`;
}

function splitAtLast(text: string, sign: string): [string, string] {
  const at = text.lastIndexOf(sign);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The digits of "1.234.567"; undefined where the groups are not of three. */
function joinGroups(text: string, sign: string): string | undefined {
  const [first = "", ...groups] = text.split(sign);
  const isGrouped = /^\d{1,3}$/.test(first) && groups.every((group) => /^\d{3}$/.test(group));
  return isGrouped ? [first, ...groups].join("") : undefined;
}
