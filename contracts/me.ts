import * as z from "zod";
import { instantSchema, namedSchema } from "./primitives.ts";
import { roleSchema } from "./roles.ts";
import { shopSchema } from "./shop.ts";

/** Who is signed in, for which shop, and what he may do (AU2). Every role may ask: a TV needs the shop's clock, too. */
export const meSchema = z
  .object({
    user: namedSchema,
    shop: shopSchema.pick({ id: true, name: true, timeZone: true, currency: true, locale: true }),
    role: roleSchema,
    /** Absent where nobody signs in, and for machines. */
    session: z.object({ expiresAt: instantSchema }).optional(),
  })
  .register(z.globalRegistry, { id: "Me" });
export type Me = z.infer<typeof meSchema>;
