import * as z from "zod";
import { limits } from "./limits.ts";

/** A ULID in its canonical upper-case form: 26 characters of Crockford's base 32 (https://github.com/ulid/spec). */
export const idSchema = z
  .string()
  .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, "must be a ULID")
  .meta({ description: "ULID, 26 upper-case characters" });

/** A shop's or user's id: chosen by the operator or the issuer, so wider than a ULID. */
export const shopIdSchema = z
  .string()
  .regex(
    new RegExp(`^[A-Za-z0-9][A-Za-z0-9_-]{0,${limits.shopIdMaxCharacters - 1}}$`),
    "must be letters, digits, - or _",
  );

const withinYears = (value: string) => {
  const year = Number(value.slice(0, 4));
  return year >= limits.yearMin && year <= limits.yearMax;
};
const yearsMessage = `must lie in the years ${limits.yearMin} to ${limits.yearMax}`;

/** A calendar day, YYYY-MM-DD. */
export const dateSchema = z.iso.date("must be a calendar day, YYYY-MM-DD").refine(withinYears, yearsMessage);

/** A moment as the server writes it: ISO 8601 in UTC with milliseconds. Two of them compare as strings. */
export const instantSchema = z.iso.datetime({ precision: 3 });

/** A moment as a client may send it: ISO 8601 with `Z` or an offset. It becomes UTC with milliseconds. */
export const instantInputSchema = z.iso
  .datetime({ offset: true, error: "must be an ISO 8601 time with Z or an offset" })
  .transform((value) => new Date(value).toISOString())
  .pipe(z.string().refine(withinYears, yearsMessage));

export const versionSchema = z.int().min(1);

export const centsSchema = z.int().min(0).max(limits.moneyMaxCents).meta({ description: "integer cents" });

// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the point
const controlInLine = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: newline and tab are allowed, the others are not
const controlInText = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** Checks that are given at once make one schema; one after the other, each makes a copy of all before. */
const wellFormed = (control: RegExp, ...further: z.core.$ZodCheck<string>[]) =>
  z.string().check(
    z.refine((value) => !control.test(value), "must not contain control characters"),
    z.refine((value) => value.isWellFormed(), "must be well-formed Unicode"),
    ...further,
  );

/** One line of text, trimmed, 1 to `maxCharacters` Unicode code points, without control characters or lone surrogates. */
export const lineSchema = (maxCharacters: number) =>
  wellFormed(controlInLine, z.trim(), z.minLength(1), z.maxLength(maxCharacters));

/** Text of several lines: like {@link lineSchema}, with newline and tab allowed. */
export const textSchema = (maxCharacters: number) =>
  wellFormed(controlInText, z.trim(), z.minLength(1), z.maxLength(maxCharacters));

/** Names one attempt at a write, so that sending it again has no second effect (HT5). */
export const mutationIdSchema = z
  .string()
  .regex(
    new RegExp(`^(?!undo:)[\\x21-\\x7e]{1,${limits.mutationIdMaxCharacters}}$`),
    `must be 1 to ${limits.mutationIdMaxCharacters} visible ASCII characters and not begin with "undo:"`,
  );

/** A whole number in a query string. */
const queryIntegerSchema = (min: number, max: number) =>
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,9})$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ queryType: "integer", minimum: min, maximum: max });

/** In a list's query, a parameter without a value is as good as none (SV1). */
export const orEmpty = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.literal("").transform(() => undefined), schema]);

/** Text to search for: one line, or nothing. */
export const searchSchema = (maxCharacters: number) => wellFormed(controlInLine, z.maxLength(maxCharacters));

export const queryVersionSchema = queryIntegerSchema(1, 2_147_483_647);
export const queryLimitSchema = queryIntegerSchema(1, limits.servicesPageMaxItems);
export const queryBooleanSchema = z
  .enum(["true", "false"])
  .transform((value) => value === "true")
  .meta({ queryType: "boolean" });

/** Somebody or something by id and name, copied at the moment of writing. */
export const namedSchema = z.object({ id: z.string(), name: z.string() });
export type Named = z.infer<typeof namedSchema>;
