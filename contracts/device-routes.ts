import {
  claimPairingSchema,
  createPairingSchema,
  deviceListSchema,
  deviceSchema,
  pairedSchema,
  pairingSchema,
  renameDeviceSchema,
  revokedDeviceSchema,
  waysInSchema,
} from "./device.ts";
import { endpoints } from "./endpoints.ts";
import { get, noQuery, patch, post, type Route } from "./route.ts";

/** The operations by which devices are paired, listed and revoked. */
export const deviceRoutes = {
  listDevices: {
    ...endpoints.listDevices,
    ...get,
    summary: "The shop's paired devices, by name",
    response: deviceListSchema,
  },
  createPairing: {
    ...endpoints.createPairing,
    ...post,
    summary: "A code by which one device is paired within ten minutes",
    body: createPairingSchema,
    response: pairingSchema,
    errors: [],
  },
  renameDevice: {
    ...endpoints.renameDevice,
    ...patch,
    summary: "Rename a device",
    body: renameDeviceSchema,
    response: deviceSchema,
    errors: ["not_found"],
  },
  revokeDevice: {
    ...endpoints.revokeDevice,
    summary: "End a device's session, and the live connections that it opened",
    query: noQuery,
    body: null,
    response: revokedDeviceSchema,
    errors: ["not_found"],
  },
  claimPairing: {
    ...endpoints.claimPairing,
    ...post,
    summary: "Enter a pairing code: whoever does becomes that device, by a cookie",
    body: claimPairingSchema,
    response: pairedSchema,
    errors: [],
  },
  getWaysIn: {
    ...endpoints.getWaysIn,
    ...get,
    summary: "How somebody who is not signed in may come in",
    response: waysInSchema,
  },
} as const satisfies Record<string, Route>;
