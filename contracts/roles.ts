import * as z from "zod";

/**
 * viewer reads; technician also moves among scheduled, in_progress and ready; advisor also creates, edits, closes and
 * cancels; manager also edits services and the shop (AU4).
 */
export const roles = ["viewer", "technician", "advisor", "manager"] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;
