import type { RouteId, routes } from "@status-board/contracts";
import { at, card, changes, columns, list, named, removal, type Shape, text, whole } from "./shapes.ts";

type Routes = typeof routes;

/**
 * Method and path of each operation, and what its answer has to bring because something is built on it. They stand here
 * once more because the contract's `routes` would bring all schemas along; where the two differ, this does not compile.
 */
export const operations = {
  getBoard: ["GET /api/admin/appointments/board", { ...at, columns, removed: [removal] }],
  getChanges: ["GET /api/admin/appointments/board/changes", { ...at, head: whole, changes }],
  getAppointment: ["GET /api/admin/appointments/{id}", card],
  getHistory: ["GET /api/admin/appointments/{id}/history", list],
  createAppointment: ["POST /api/admin/appointments", card],
  editAppointment: ["PATCH /api/admin/appointments/{id}", card],
  removeAppointment: ["DELETE /api/admin/appointments/{id}", removal],
  moveAppointment: ["POST /api/admin/appointments/{id}/move", card],
  undoMove: ["POST /api/admin/appointments/{id}/undo", card],
  getStats: ["GET /api/admin/dashboard/stats"],
  listServices: ["GET /api/admin/services", list],
  getService: ["GET /api/admin/services/{id}"],
  createService: ["POST /api/admin/services"],
  editService: ["PATCH /api/admin/services/{id}"],
  removeService: ["DELETE /api/admin/services/{id}"],
  getShop: ["GET /api/admin/shop", { technicians: [named] }],
  editShop: ["PATCH /api/admin/shop"],
  listDevices: ["GET /api/admin/devices", list],
  createPairing: ["POST /api/admin/devices/pairings"],
  renameDevice: ["PATCH /api/admin/devices/{id}"],
  revokeDevice: ["DELETE /api/admin/devices/{id}"],
  claimPairing: ["POST /auth/pair"],
  getWaysIn: ["GET /auth/ways-in"],
  getMe: [
    "GET /auth/me",
    { user: named, shop: { name: text, timeZone: text, locale: text, currency: text }, role: text },
  ],
  signOut: ["POST /auth/logout"],
  createTicket: ["POST /api/admin/live/ticket", { ticket: text, url: text }],
  getHealth: ["GET /health"],
  getHealthz: ["GET /healthz"],
  getReadiness: ["GET /ready"],
  getAsyncApi: ["GET /asyncapi.json"],
  getOpenApi: ["GET /openapi.json"],
} as const satisfies {
  readonly [Id in RouteId]: readonly [`${Routes[Id]["method"]} ${Routes[Id]["path"]}`, Shape?];
};
