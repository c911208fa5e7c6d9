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
import { get, managers, noQuery, patch, post, type Route } from "./route.ts";

const devices = "/api/admin/devices";

/** The operations by which devices are paired, listed and revoked. */
export const deviceRoutes = {
  listDevices: {
    ...get,
    path: devices,
    summary: "The shop's paired devices, by name",
    roles: managers,
    response: deviceListSchema,
  },
  createPairing: {
    ...post,
    path: `${devices}/pairings`,
    summary: "A code by which one device is paired within ten minutes",
    roles: managers,
    body: createPairingSchema,
    response: pairingSchema,
    status: 201,
    errors: [],
  },
  renameDevice: {
    ...patch,
    path: `${devices}/{id}`,
    summary: "Rename a device",
    roles: managers,
    body: renameDeviceSchema,
    response: deviceSchema,
    errors: ["not_found"],
  },
  revokeDevice: {
    method: "DELETE",
    path: `${devices}/{id}`,
    summary: "End a device's session, and the live connections that it opened",
    roles: managers,
    query: noQuery,
    body: null,
    response: revokedDeviceSchema,
    status: 200,
    errors: ["not_found"],
  },
  claimPairing: {
    ...post,
    path: "/auth/pair",
    summary: "Enter a pairing code: whoever does becomes that device, by a cookie",
    roles: "public",
    body: claimPairingSchema,
    response: pairedSchema,
    errors: [],
  },
  getWaysIn: {
    ...get,
    path: "/auth/ways-in",
    summary: "How somebody who is not signed in may come in",
    roles: "public",
    response: waysInSchema,
  },
} as const satisfies Record<string, Route>;
