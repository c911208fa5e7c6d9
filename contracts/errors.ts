import * as z from "zod";
import { appointmentSchema, statusSchema } from "./appointment.ts";
import type { ErrorCode } from "./error-codes.ts";
import { serviceSchema } from "./service.ts";
import { shopSchema } from "./shop.ts";

/** What is wrong with one field. `path` is dotted, e.g. `customer.name` or `services.0`; a query parameter or header goes by its name. */
export const issueSchema = z.object({ path: z.string(), message: z.string() });
export type Issue = z.infer<typeof issueSchema>;

/** Why a write contradicts what is stored. */
export const conflictReasonSchema = z.enum(["duplicate_code", "id_reused", "id_deleted", "mutation_reused"]);
export type ConflictReason = z.infer<typeof conflictReasonSchema>;

const base = { message: z.string(), correlationId: z.string() };
const plain = <Code extends ErrorCode>(code: Code) => z.object({ code: z.literal(code), ...base });

/** The `error` of a failure, told apart by `code`. */
export const errorSchema = z
  .discriminatedUnion("code", [
    z.object({ code: z.literal("invalid_request"), ...base, issues: z.array(issueSchema) }),
    plain("unauthenticated"),
    plain("forbidden"),
    plain("not_found"),
    plain("method_not_allowed"),
    z.object({ code: z.literal("conflict"), ...base, reason: conflictReasonSchema }),
    z.object({
      code: z.literal("version_conflict"),
      ...base,
      current: z.union([appointmentSchema, serviceSchema, shopSchema]),
    }),
    z.object({
      code: z.literal("invalid_transition"),
      ...base,
      from: statusSchema,
      to: statusSchema,
      allowed: z.array(statusSchema),
    }),
    z.object({ code: z.literal("revision_gone"), ...base, epoch: z.string(), rev: z.int() }),
    plain("payload_too_large"),
    plain("unsupported_media_type"),
    plain("rate_limited"),
    plain("internal"),
    plain("unavailable"),
  ])
  .register(z.globalRegistry, { id: "Error" });
export type ApiError = z.infer<typeof errorSchema>;

/** A failure as it crosses the wire. */
export const failureSchema = z.object({ ok: z.literal(false), error: errorSchema });
