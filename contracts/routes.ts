import * as z from "zod";
import {
  appointmentSchema,
  createAppointmentSchema,
  editAppointmentSchema,
  moveAppointmentSchema,
  undoMoveSchema,
} from "./appointment.ts";
import { boardQuerySchema, boardSchema } from "./board.ts";
import { deviceRoutes } from "./device-routes.ts";
import { healthSchema, readinessSchema } from "./health.ts";
import { historySchema } from "./history.ts";
import { changesQuerySchema, changesSchema, ticketSchema } from "./live.ts";
import { meSchema } from "./me.ts";
import { publicBoardSchema, publicChangesSchema, publicStatsSchema } from "./public.ts";
import { everybody, get, managers, movers, patch, post, type Route, remove, stale, writers } from "./route.ts";
import {
  createServiceSchema,
  editServiceSchema,
  listServicesQuerySchema,
  serviceListSchema,
  serviceSchema,
} from "./service.ts";
import { editShopSchema, shopSchema } from "./shop.ts";
import { signedOutSchema } from "./sign-in.ts";
import { statsQuerySchema, statsSchema } from "./stats.ts";

const appointments = "/api/admin/appointments";
const services = "/api/admin/services";

/** The one list of operations, by the id that logs, documents and handlers use. */
export const routes = {
  getBoard: {
    ...get,
    path: `${appointments}/board`,
    summary: "A day's board",
    roles: everybody,
    query: boardQuerySchema,
    response: boardSchema,
    viewerResponse: publicBoardSchema,
  },
  getChanges: {
    ...get,
    path: `${appointments}/board/changes`,
    summary: "What a screen missed: the revisions of a board after one that it has",
    roles: everybody,
    query: changesQuerySchema,
    response: changesSchema,
    viewerResponse: publicChangesSchema,
    errors: ["revision_gone"],
  },
  getAppointment: {
    ...get,
    path: `${appointments}/{id}`,
    summary: "One card",
    roles: movers,
    response: appointmentSchema,
    errors: ["not_found"],
  },
  getHistory: {
    ...get,
    path: `${appointments}/{id}/history`,
    summary: "What happened to a card, oldest first",
    roles: movers,
    response: historySchema,
    errors: ["not_found"],
  },
  createAppointment: {
    ...post,
    path: appointments,
    summary: "Create a card at the end of scheduled; repeatable when it names its id",
    roles: writers,
    body: createAppointmentSchema,
    response: appointmentSchema,
    status: 201,
    errors: ["conflict"],
  },
  editAppointment: {
    ...patch,
    path: `${appointments}/{id}`,
    summary: "Edit a card; a new day for start moves it to that board",
    roles: writers,
    body: editAppointmentSchema,
    response: appointmentSchema,
  },
  removeAppointment: {
    ...remove,
    path: `${appointments}/{id}`,
    summary: "Remove a card",
    roles: writers,
  },
  moveAppointment: {
    ...post,
    path: `${appointments}/{id}/move`,
    summary: "Move a card to a column, or within one",
    roles: movers,
    body: moveAppointmentSchema,
    response: appointmentSchema,
    errors: [...stale, "invalid_transition"],
  },
  undoMove: {
    ...post,
    path: `${appointments}/{id}/undo`,
    summary: "Undo one's own last move of a card, within a minute",
    roles: movers,
    body: undoMoveSchema,
    response: appointmentSchema,
    errors: [...stale, "invalid_transition"],
  },
  getStats: {
    ...get,
    path: "/api/admin/dashboard/stats",
    summary: "A day's board in figures",
    roles: everybody,
    query: statsQuerySchema,
    response: statsSchema,
    viewerResponse: publicStatsSchema,
  },
  listServices: {
    ...get,
    path: services,
    summary: "The shop's services, by code",
    roles: movers,
    query: listServicesQuerySchema,
    response: serviceListSchema,
  },
  getService: {
    ...get,
    path: `${services}/{id}`,
    summary: "One service",
    roles: movers,
    response: serviceSchema,
    errors: ["not_found"],
  },
  createService: {
    ...post,
    path: services,
    summary: "Create a service",
    roles: managers,
    body: createServiceSchema,
    response: serviceSchema,
    status: 201,
    errors: ["conflict", "not_found"],
  },
  editService: {
    ...patch,
    path: `${services}/{id}`,
    summary: "Edit a service; cards keep the line and price they copied",
    roles: managers,
    body: editServiceSchema,
    response: serviceSchema,
  },
  removeService: {
    ...remove,
    path: `${services}/{id}`,
    summary: "Remove a service; cards that use it stay as they are",
    roles: managers,
  },
  getShop: {
    ...get,
    path: "/api/admin/shop",
    summary: "The shop's settings",
    roles: movers,
    response: shopSchema,
  },
  editShop: {
    ...patch,
    path: "/api/admin/shop",
    summary: "Edit the shop's settings, technicians included",
    roles: managers,
    body: editShopSchema,
    response: shopSchema,
  },
  ...deviceRoutes,
  getMe: {
    ...get,
    path: "/auth/me",
    summary: "Who is signed in, for which shop, and in which role",
    roles: everybody,
    response: meSchema,
  },
  signOut: {
    ...post,
    path: "/auth/logout",
    summary: "End one's session, and with it the live connections that it opened",
    roles: "public",
    body: null,
    response: signedOutSchema,
    errors: [],
  },
  createTicket: {
    ...post,
    path: "/api/admin/live/ticket",
    summary: "A ticket for one WebSocket connection within 30 s",
    roles: everybody,
    body: null,
    response: ticketSchema,
    errors: [],
  },
  getHealth: {
    ...get,
    path: "/health",
    summary: "The process is up",
    roles: "public",
    response: healthSchema,
  },
  getHealthz: {
    ...get,
    path: "/healthz",
    summary: "The same as /health",
    roles: "public",
    response: healthSchema,
  },
  getReadiness: {
    ...get,
    path: "/ready",
    summary: "The database answers",
    roles: "public",
    response: readinessSchema,
  },
  getAsyncApi: {
    ...get,
    path: "/asyncapi.json",
    summary: "The contract of the live messages; the document itself, without the envelope",
    roles: "public",
    response: z.looseObject({ asyncapi: z.string() }),
  },
  getOpenApi: {
    ...get,
    path: "/openapi.json",
    summary: "This contract; the document itself, without the envelope",
    roles: "public",
    response: z.looseObject({ openapi: z.string() }),
  },
} as const satisfies Record<string, Route>;

/**
 * Before the path of each operation that needs somebody to be signed in, for machines on AWS: there a request is signed
 * with AWS Signature Version 4, and its identity's role counts (AU1).
 */
export const machinePrefix = "/machine";

/** Documents are answered as they are, without the envelope. */
export const bareRoutes: ReadonlySet<string> = new Set(["getOpenApi", "getAsyncApi"]);

export type RouteId = keyof typeof routes;
export type RouteQuery<Id extends RouteId> = z.output<(typeof routes)[Id]["query"]>;
export type RouteBody<Id extends RouteId> = (typeof routes)[Id]["body"] extends z.ZodType
  ? z.output<(typeof routes)[Id]["body"]>
  : undefined;
export type RouteResponse<Id extends RouteId> = z.output<(typeof routes)[Id]["response"]>;
/** What a viewer gets of it. */
export type ViewerResponse<Id extends RouteId> = (typeof routes)[Id] extends {
  viewerResponse: infer Schema extends z.ZodType;
}
  ? z.output<Schema>
  : RouteResponse<Id>;
