import * as z from "zod";
import { limits } from "./limits.ts";
import {
  centsSchema,
  dateSchema,
  idSchema,
  instantInputSchema,
  instantSchema,
  lineSchema,
  mutationIdSchema,
  namedSchema,
  queryVersionSchema,
  textSchema,
  versionSchema,
} from "./primitives.ts";
import { serviceCodeSchema } from "./service.ts";

/** The five columns of a board, in the order in which a car passes through them. */
export const statuses = ["scheduled", "in_progress", "ready", "completed", "no_show"] as const;
export const statusSchema = z.enum(statuses);
export type Status = z.infer<typeof statusSchema>;

export const customerSchema = z.strictObject({
  name: lineSchema(limits.nameMaxCharacters),
  phone: lineSchema(limits.phoneMaxCharacters).optional(),
  email: z.email().max(limits.emailMaxCharacters).optional(),
});
export type Customer = z.infer<typeof customerSchema>;

export const vehicleSchema = z.strictObject({
  year: z.int().min(limits.vehicleYearMin).max(limits.vehicleYearMax).optional(),
  make: lineSchema(limits.vehicleTextMaxCharacters).optional(),
  model: lineSchema(limits.vehicleTextMaxCharacters).optional(),
  plate: lineSchema(limits.plateMaxCharacters).optional(),
  vin: z
    .string()
    .regex(new RegExp(`^[A-Za-z0-9]{1,${limits.vinMaxCharacters}}$`), "must be 1 to 17 letters and digits")
    .optional(),
});
export type Vehicle = z.infer<typeof vehicleSchema>;

/** A service as it was when it was written into the card (CA3). */
export const serviceLineSchema = z.object({
  code: z.string(),
  name: z.string(),
  priceCents: centsSchema,
  minutes: z.int(),
});
export type ServiceLine = z.infer<typeof serviceLineSchema>;

/** An appointment card. `date` is the board it stands on, `rank` its place in the column. */
export const appointmentSchema = z
  .object({
    id: idSchema,
    date: dateSchema,
    version: versionSchema,
    status: statusSchema,
    rank: z.string().max(limits.rankMaxCharacters),
    start: instantSchema,
    end: instantSchema,
    promisedAt: instantSchema.optional(),
    customer: z.object({ name: z.string(), phone: z.string().optional(), email: z.string().optional() }),
    vehicle: z.object({
      year: z.int().optional(),
      make: z.string().optional(),
      model: z.string().optional(),
      plate: z.string().optional(),
      vin: z.string().optional(),
    }),
    services: z.array(serviceLineSchema),
    technician: namedSchema.optional(),
    notes: z.string().optional(),
    totalCents: z.int().min(0),
    paidCents: centsSchema,
    carriedFrom: dateSchema.optional(),
    checkInAt: instantSchema.optional(),
    checkOutAt: instantSchema.optional(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
    updatedBy: namedSchema,
  })
  .register(z.globalRegistry, { id: "Appointment" });
export type Appointment = z.infer<typeof appointmentSchema>;

const serviceCodesSchema = z
  .array(serviceCodeSchema)
  .max(limits.cardMaxServices)
  .superRefine((codes, context) => {
    const seen = new Set<string>();
    codes.forEach((code, index) => {
      const key = code.toUpperCase();
      if (seen.has(key)) context.addIssue({ code: "custom", message: "is named twice", path: [index] });
      seen.add(key);
    });
  });

const promisedAtSchema = instantInputSchema.meta({ description: "when the customer was promised the car" });
const notesSchema = textSchema(limits.notesMaxCharacters);

/** Names the later of two times that stand the wrong way round; an appointment may last no time at all. */
export const endBeforeStartMessage = "must not be before start";

/** POST /api/admin/appointments. `id` makes it safe to repeat. */
export const createAppointmentSchema = z
  .strictObject({
    id: idSchema.optional(),
    start: instantInputSchema,
    end: instantInputSchema,
    promisedAt: promisedAtSchema.optional(),
    customer: customerSchema,
    vehicle: vehicleSchema,
    serviceCodes: serviceCodesSchema,
    technicianId: idSchema.optional(),
    notes: notesSchema.optional(),
    paidCents: centsSchema.optional(),
  })
  .refine(({ start, end }) => end >= start, { path: ["end"], message: endBeforeStartMessage })
  .register(z.globalRegistry, { id: "CreateAppointment" });
export type CreateAppointment = z.infer<typeof createAppointmentSchema>;

/** PATCH …/{id}: only what is sent changes; null clears an optional field; customer and vehicle are replaced whole. */
export const editAppointmentSchema = z
  .strictObject({
    expectedVersion: versionSchema,
    mutationId: mutationIdSchema.optional(),
    start: instantInputSchema.optional(),
    end: instantInputSchema.optional(),
    promisedAt: promisedAtSchema.nullable().optional(),
    customer: customerSchema.optional(),
    vehicle: vehicleSchema.optional(),
    serviceCodes: serviceCodesSchema.optional(),
    technicianId: idSchema.nullable().optional(),
    notes: notesSchema.nullable().optional(),
    paidCents: centsSchema.nullable().optional(),
  })
  .register(z.globalRegistry, { id: "EditAppointment" });
export type EditAppointment = z.infer<typeof editAppointmentSchema>;

/** POST …/{id}/move: at most one of position, afterId and beforeId; none of them means the end (MV6). */
export const moveAppointmentSchema = z
  .strictObject({
    newStatus: statusSchema,
    position: z.int().min(0).optional(),
    afterId: idSchema.optional(),
    beforeId: idSchema.optional(),
    expectedVersion: versionSchema,
    mutationId: mutationIdSchema.optional(),
  })
  .superRefine((move, context) => {
    const given = (["position", "afterId", "beforeId"] as const).filter((key) => move[key] !== undefined);
    for (const extra of given.slice(1))
      context.addIssue({ code: "custom", path: [extra], message: `cannot be combined with ${given[0]}` });
  })
  .register(z.globalRegistry, { id: "MoveAppointment" });
export type MoveAppointment = z.infer<typeof moveAppointmentSchema>;

/** POST …/{id}/undo: `mutationId` names the move to undo (MV7). */
export const undoMoveSchema = z
  .strictObject({ mutationId: mutationIdSchema, expectedVersion: versionSchema })
  .register(z.globalRegistry, { id: "UndoMove" });
export type UndoMove = z.infer<typeof undoMoveSchema>;

/** The query of every DELETE. */
export const removeQuerySchema = z.strictObject({
  expectedVersion: queryVersionSchema,
  mutationId: mutationIdSchema.optional(),
});
export type RemoveQuery = z.infer<typeof removeQuerySchema>;

/** What a DELETE answers: the id and the version of the removal itself. */
export const removedSchema = z
  .object({ id: idSchema, version: versionSchema })
  .register(z.globalRegistry, { id: "Removed" });
export type Removed = z.infer<typeof removedSchema>;
