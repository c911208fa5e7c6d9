import type { RouteId, routes } from "@status-board/contracts";
import { boardOperations } from "./board-operations.ts";

type Routes = typeof routes;

/**
 * Method and path of each operation. They stand here once more because the contract's `routes` would bring all schemas
 * along; where the two differ, this does not compile.
 */
export const operations = {
  ...boardOperations,
  getAppointment: "GET /api/admin/appointments/{id}",
  getHistory: "GET /api/admin/appointments/{id}/history",
  createAppointment: "POST /api/admin/appointments",
  editAppointment: "PATCH /api/admin/appointments/{id}",
  removeAppointment: "DELETE /api/admin/appointments/{id}",
  getStats: "GET /api/admin/dashboard/stats",
  listServices: "GET /api/admin/services",
  getService: "GET /api/admin/services/{id}",
  createService: "POST /api/admin/services",
  editService: "PATCH /api/admin/services/{id}",
  removeService: "DELETE /api/admin/services/{id}",
  getShop: "GET /api/admin/shop",
  editShop: "PATCH /api/admin/shop",
  listDevices: "GET /api/admin/devices",
  createPairing: "POST /api/admin/devices/pairings",
  renameDevice: "PATCH /api/admin/devices/{id}",
  revokeDevice: "DELETE /api/admin/devices/{id}",
  claimPairing: "POST /auth/pair",
  getWaysIn: "GET /auth/ways-in",
  getMe: "GET /auth/me",
  signOut: "POST /auth/logout",
  getHealth: "GET /health",
  getHealthz: "GET /healthz",
  getReadiness: "GET /ready",
  getAsyncApi: "GET /asyncapi.json",
  getOpenApi: "GET /openapi.json",
} as const satisfies { readonly [Id in RouteId]: `${Routes[Id]["method"]} ${Routes[Id]["path"]}` };
