import * as z from "zod";
import { limits, pairingCodeAlphabet } from "./limits.ts";
import { idSchema, instantSchema, lineSchema } from "./primitives.ts";
import { roleSchema } from "./roles.ts";

/** A phone, tablet or screen that was paired, and may do what its role may until it is revoked or not seen for too long. */
export const deviceSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    role: roleSchema,
    pairedAt: instantSchema,
    /** Noted once an hour at most. */
    lastSeenAt: instantSchema,
    /** When it is forgotten, unless it is seen before. */
    expiresAt: instantSchema,
  })
  .register(z.globalRegistry, { id: "Device" });
export type Device = z.infer<typeof deviceSchema>;

/** The shop's devices, by name. */
export const deviceListSchema = z
  .object({ items: z.array(deviceSchema) })
  .register(z.globalRegistry, { id: "DeviceList" });
export type DeviceList = z.infer<typeof deviceListSchema>;

const deviceNameSchema = lineSchema(limits.nameMaxCharacters);

/** The device that a code is for. */
export const createPairingSchema = z.strictObject({ name: deviceNameSchema, role: roleSchema });
export type CreatePairing = z.infer<typeof createPairingSchema>;

/** A code that makes one device out of whoever enters it first, within ten minutes. It is told this once. */
export const pairingSchema = z
  .object({
    code: z.string(),
    name: z.string(),
    role: roleSchema,
    expiresAt: instantSchema,
    /** Where a device enters the code; for a QR code, as the code stands in its fragment, which no server sees. */
    url: z.string(),
  })
  .register(z.globalRegistry, { id: "Pairing" });
export type Pairing = z.infer<typeof pairingSchema>;

const codePattern = new RegExp(`^[${pairingCodeAlphabet}]{${limits.pairingCodeCharacters}}$`);

/** A code as somebody types it: in any case, with spaces and dashes wherever he likes them. */
export const claimPairingSchema = z.strictObject({
  code: z
    .string()
    .max(64)
    .transform((value) => value.replace(/[\s-]/g, "").toUpperCase())
    .pipe(
      z
        .string()
        .regex(codePattern, `is ${limits.pairingCodeCharacters} letters and digits, without 0, 1, I, L, O and S`),
    ),
});
export type ClaimPairing = z.infer<typeof claimPairingSchema>;

/** What a device has become. */
export const pairedSchema = z
  .object({ name: z.string(), role: roleSchema })
  .register(z.globalRegistry, { id: "Paired" });
export type Paired = z.infer<typeof pairedSchema>;

export const renameDeviceSchema = z.strictObject({ name: deviceNameSchema });
export type RenameDevice = z.infer<typeof renameDeviceSchema>;

/** A device that was revoked. */
export const revokedDeviceSchema = z.object({ id: idSchema }).register(z.globalRegistry, { id: "RevokedDevice" });
export type RevokedDevice = z.infer<typeof revokedDeviceSchema>;

/** How somebody who is nobody yet may come in. */
export const waysInSchema = z
  .object({
    /** By `GET /auth/login`. */
    signIn: z.boolean(),
    /** By a code, with `POST /auth/pair`. */
    pairing: z.boolean(),
  })
  .register(z.globalRegistry, { id: "WaysIn" });
export type WaysIn = z.infer<typeof waysInSchema>;
