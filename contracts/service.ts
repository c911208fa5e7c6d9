import * as z from "zod";
import { limits } from "./limits.ts";
import {
  centsSchema,
  idSchema,
  instantSchema,
  lineSchema,
  mutationIdSchema,
  orEmpty,
  queryBooleanSchema,
  queryLimitSchema,
  searchSchema,
  textSchema,
  versionSchema,
} from "./primitives.ts";

/** What staff call a service by, e.g. OIL001. Unique within a shop whatever its case (SV2). */
export const serviceCodeSchema = z
  .string()
  .regex(
    new RegExp(`^[A-Za-z0-9][A-Za-z0-9_-]{0,${limits.serviceCodeMaxCharacters - 1}}$`),
    `must be 1 to ${limits.serviceCodeMaxCharacters} letters, digits, - or _`,
  );

export const serviceSchema = z
  .object({
    id: idSchema,
    version: versionSchema,
    code: z.string(),
    name: z.string(),
    priceCents: centsSchema,
    minutes: z.int(),
    description: z.string().optional(),
    active: z.boolean(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .register(z.globalRegistry, { id: "Service" });
export type Service = z.infer<typeof serviceSchema>;

const minutesSchema = z.int().min(0).max(limits.serviceMaxMinutes);

export const createServiceSchema = z
  .strictObject({
    code: serviceCodeSchema,
    name: lineSchema(limits.nameMaxCharacters),
    priceCents: centsSchema,
    minutes: minutesSchema,
    description: textSchema(limits.descriptionMaxCharacters).optional(),
    active: z.boolean().optional(),
    mutationId: mutationIdSchema.optional(),
  })
  .register(z.globalRegistry, { id: "CreateService" });
export type CreateService = z.infer<typeof createServiceSchema>;

export const editServiceSchema = z
  .strictObject({
    expectedVersion: versionSchema,
    mutationId: mutationIdSchema.optional(),
    code: serviceCodeSchema.optional(),
    name: lineSchema(limits.nameMaxCharacters).optional(),
    priceCents: centsSchema.optional(),
    minutes: minutesSchema.optional(),
    description: textSchema(limits.descriptionMaxCharacters).nullable().optional(),
    active: z.boolean().optional(),
  })
  .register(z.globalRegistry, { id: "EditService" });
export type EditService = z.infer<typeof editServiceSchema>;

/** An absent or empty `search` lists everything (SV1); otherwise code, name or description must contain it, in any case. */
export const listServicesQuerySchema = z.strictObject({
  search: searchSchema(limits.searchMaxCharacters).optional(),
  active: orEmpty(queryBooleanSchema).optional(),
  limit: orEmpty(queryLimitSchema).optional(),
  cursor: orEmpty(serviceCodeSchema).optional().meta({ description: "nextCursor of the page before" }),
});
export type ListServicesQuery = z.infer<typeof listServicesQuerySchema>;

/** One page of services by code. `total` counts all that match, on every page. */
export const serviceListSchema = z
  .object({ items: z.array(serviceSchema), total: z.int(), nextCursor: z.string().optional() })
  .register(z.globalRegistry, { id: "ServiceList" });
export type ServiceList = z.infer<typeof serviceListSchema>;
