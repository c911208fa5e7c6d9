import { type Role, roles } from "./roles.ts";

/** Where an operation stands, and who may call it: what a server goes by before it parses anything. */
export interface Endpoint {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** `{id}` stands for a ULID. */
  path: string;
  /** Who may call it. `public` needs no sign-in. What an endpoint does not name is refused (AU1). */
  roles: readonly Role[] | "public";
  /** Of a success. */
  status: 200 | 201;
}

const everybody = roles;
const movers = ["technician", "advisor", "manager"] as const;
const writers = ["advisor", "manager"] as const;
const managers = ["manager"] as const;

const appointments = "/api/admin/appointments";
const services = "/api/admin/services";
const devices = "/api/admin/devices";

/**
 * The operations' endpoints, by the ids that logs, documents and handlers use; {@link routes} has the rest of each. Apart from it, so
 * that whoever serves a few operations need not make the schemas of all.
 */
export const endpoints = {
  getBoard: { method: "GET", path: `${appointments}/board`, roles: everybody, status: 200 },
  getChanges: { method: "GET", path: `${appointments}/board/changes`, roles: everybody, status: 200 },
  getAppointment: { method: "GET", path: `${appointments}/{id}`, roles: movers, status: 200 },
  getHistory: { method: "GET", path: `${appointments}/{id}/history`, roles: movers, status: 200 },
  createAppointment: { method: "POST", path: appointments, roles: writers, status: 201 },
  editAppointment: { method: "PATCH", path: `${appointments}/{id}`, roles: writers, status: 200 },
  removeAppointment: { method: "DELETE", path: `${appointments}/{id}`, roles: writers, status: 200 },
  moveAppointment: { method: "POST", path: `${appointments}/{id}/move`, roles: movers, status: 200 },
  undoMove: { method: "POST", path: `${appointments}/{id}/undo`, roles: movers, status: 200 },
  getStats: { method: "GET", path: "/api/admin/dashboard/stats", roles: everybody, status: 200 },
  listServices: { method: "GET", path: services, roles: movers, status: 200 },
  getService: { method: "GET", path: `${services}/{id}`, roles: movers, status: 200 },
  createService: { method: "POST", path: services, roles: managers, status: 201 },
  editService: { method: "PATCH", path: `${services}/{id}`, roles: managers, status: 200 },
  removeService: { method: "DELETE", path: `${services}/{id}`, roles: managers, status: 200 },
  getShop: { method: "GET", path: "/api/admin/shop", roles: movers, status: 200 },
  editShop: { method: "PATCH", path: "/api/admin/shop", roles: managers, status: 200 },
  listDevices: { method: "GET", path: devices, roles: managers, status: 200 },
  createPairing: { method: "POST", path: `${devices}/pairings`, roles: managers, status: 201 },
  renameDevice: { method: "PATCH", path: `${devices}/{id}`, roles: managers, status: 200 },
  revokeDevice: { method: "DELETE", path: `${devices}/{id}`, roles: managers, status: 200 },
  claimPairing: { method: "POST", path: "/auth/pair", roles: "public", status: 200 },
  getWaysIn: { method: "GET", path: "/auth/ways-in", roles: "public", status: 200 },
  getMe: { method: "GET", path: "/auth/me", roles: everybody, status: 200 },
  signOut: { method: "POST", path: "/auth/logout", roles: "public", status: 200 },
  createTicket: { method: "POST", path: "/api/admin/live/ticket", roles: everybody, status: 200 },
  getHealth: { method: "GET", path: "/health", roles: "public", status: 200 },
  getHealthz: { method: "GET", path: "/healthz", roles: "public", status: 200 },
  getReadiness: { method: "GET", path: "/ready", roles: "public", status: 200 },
  getAsyncApi: { method: "GET", path: "/asyncapi.json", roles: "public", status: 200 },
  getOpenApi: { method: "GET", path: "/openapi.json", roles: "public", status: 200 },
} as const satisfies Record<string, Endpoint>;

export type RouteId = keyof typeof endpoints;

/**
 * Before the path of each operation that needs somebody to be signed in, for machines on AWS: there a request is signed
 * with AWS Signature Version 4, and its identity's role counts (AU1).
 */
export const machinePrefix = "/machine";

/** Documents are answered as they are, without the envelope. */
export const bareRoutes: ReadonlySet<string> = new Set(["getOpenApi", "getAsyncApi"]);
