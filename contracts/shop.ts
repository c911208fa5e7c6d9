import * as z from "zod";
import { limits } from "./limits.ts";
import { idSchema, lineSchema, mutationIdSchema, namedSchema, shopIdSchema, versionSchema } from "./primitives.ts";

/** True for a zone that this runtime's time zone database knows, e.g. Europe/Berlin. */
export function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** An IANA time zone, e.g. Europe/Berlin. An offset such as +02:00 is no zone: it knows no daylight saving. */
export const timeZoneSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_+/-]{0,59}$/, "must be a time zone such as Europe/Berlin")
  .refine(isTimeZone, "must be a time zone such as Europe/Berlin");

export const shopSchema = z
  .object({
    id: shopIdSchema,
    name: z.string(),
    timeZone: z.string().meta({ description: "IANA time zone; decides which day a card belongs to" }),
    currency: z.string().meta({ description: "ISO 4217" }),
    locale: z.string().meta({ description: "BCP 47" }),
    technicians: z.array(namedSchema),
    version: versionSchema,
  })
  .register(z.globalRegistry, { id: "Shop" });
export type Shop = z.infer<typeof shopSchema>;

function isLocale(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

const techniciansSchema = z
  .array(z.strictObject({ id: idSchema, name: lineSchema(limits.nameMaxCharacters) }))
  .max(limits.shopMaxTechnicians)
  .superRefine((technicians, context) => {
    const seen = new Set<string>();
    technicians.forEach(({ id }, index) => {
      if (seen.has(id)) context.addIssue({ code: "custom", message: "is used twice", path: [index, "id"] });
      seen.add(id);
    });
  });

/** PATCH /api/admin/shop. The time zone is not among it: changing it re-keys every card and is a migration (SH1). */
export const editShopSchema = z
  .strictObject({
    expectedVersion: versionSchema,
    mutationId: mutationIdSchema.optional(),
    name: lineSchema(limits.nameMaxCharacters).optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as EUR")
      .optional(),
    locale: z.string().max(35).refine(isLocale, "must be a BCP 47 locale such as de-DE").optional(),
    technicians: techniciansSchema.optional(),
  })
  .register(z.globalRegistry, { id: "EditShop" });
export type EditShop = z.infer<typeof editShopSchema>;
