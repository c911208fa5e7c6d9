import * as z from "zod";
import { removedSchema, removeQuerySchema } from "./appointment.ts";
import type { Endpoint } from "./endpoints.ts";
import type { ErrorCode } from "./error-codes.ts";

/** One operation of the product, as every client and document reads it. */
export interface Route extends Endpoint {
  summary: string;
  query: z.ZodType;
  /** null: the operation takes no body. */
  body: z.ZodType | null;
  /** What stands in `data` of a success. */
  response: z.ZodType;
  /** The same for a viewer, where he gets less (AU6). */
  viewerResponse?: z.ZodType;
  /** The failures of this operation itself, besides those that any operation can have. */
  errors: readonly ErrorCode[];
}

/** For an operation without parameters: any that comes is refused by name. */
export const noQuery = z.strictObject({});
/** How a write can fail that names the version it starts from. */
export const stale = ["not_found", "version_conflict", "conflict"] as const;

/** What operations of one method share. */
export const get = { query: noQuery, body: null, errors: [] } as const;
export const post = { query: noQuery } as const;
export const patch = { query: noQuery, errors: stale } as const;
export const remove = { query: removeQuerySchema, body: null, response: removedSchema, errors: stale } as const;
