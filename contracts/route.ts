import * as z from "zod";
import { removedSchema, removeQuerySchema } from "./appointment.ts";
import type { ErrorCode } from "./error-codes.ts";
import { type Role, roles } from "./roles.ts";

/** One operation of the product, as every server, client and document reads it. */
export interface Route {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** `{id}` stands for a ULID. */
  path: string;
  summary: string;
  /** Who may call it. `public` needs no sign-in. What a route does not name is refused (AU1). */
  roles: readonly Role[] | "public";
  query: z.ZodType;
  /** null: the operation takes no body. */
  body: z.ZodType | null;
  /** What stands in `data` of a success. */
  response: z.ZodType;
  /** The same for a viewer, where he gets less (AU6). */
  viewerResponse?: z.ZodType;
  status: 200 | 201;
  /** The failures of this operation itself, besides those that any operation can have. */
  errors: readonly ErrorCode[];
}

/** For an operation without parameters: any that comes is refused by name. */
export const noQuery = z.strictObject({});
/** Who may call what (AU1). */
export const everybody = roles;
export const movers = ["technician", "advisor", "manager"] as const;
export const writers = ["advisor", "manager"] as const;
export const managers = ["manager"] as const;
/** How a write can fail that names the version it starts from. */
export const stale = ["not_found", "version_conflict", "conflict"] as const;

/** What operations of one method share. */
export const get = { method: "GET", query: noQuery, body: null, status: 200, errors: [] } as const;
export const post = { method: "POST", query: noQuery, status: 200 } as const;
export const patch = { method: "PATCH", query: noQuery, status: 200, errors: stale } as const;
export const remove = {
  method: "DELETE",
  query: removeQuerySchema,
  body: null,
  response: removedSchema,
  status: 200,
  errors: stale,
} as const;
