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
import { endpoints, type RouteId } from "./endpoints.ts";
import { healthSchema, readinessSchema } from "./health.ts";
import { historySchema } from "./history.ts";
import { changesQuerySchema, changesSchema, ticketSchema } from "./live.ts";
import { meSchema } from "./me.ts";
import { publicBoardSchema, publicChangesSchema, publicStatsSchema } from "./public.ts";
import { get, patch, post, type Route, remove, stale } from "./route.ts";
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

/** The one list of operations, each with all that is known of it. */
export const routes = {
  getBoard: {
    ...endpoints.getBoard,
    ...get,
    summary: "A day's board",
    query: boardQuerySchema,
    response: boardSchema,
    viewerResponse: publicBoardSchema,
  },
  getChanges: {
    ...endpoints.getChanges,
    ...get,
    summary: "What a screen missed: the revisions of a board after one that it has",
    query: changesQuerySchema,
    response: changesSchema,
    viewerResponse: publicChangesSchema,
    errors: ["revision_gone"],
  },
  getAppointment: {
    ...endpoints.getAppointment,
    ...get,
    summary: "One card",
    response: appointmentSchema,
    errors: ["not_found"],
  },
  getHistory: {
    ...endpoints.getHistory,
    ...get,
    summary: "What happened to a card, oldest first",
    response: historySchema,
    errors: ["not_found"],
  },
  createAppointment: {
    ...endpoints.createAppointment,
    ...post,
    summary: "Create a card at the end of scheduled; repeatable when it names its id",
    body: createAppointmentSchema,
    response: appointmentSchema,
    errors: ["conflict"],
  },
  editAppointment: {
    ...endpoints.editAppointment,
    ...patch,
    summary: "Edit a card; a new day for start moves it to that board",
    body: editAppointmentSchema,
    response: appointmentSchema,
  },
  removeAppointment: {
    ...endpoints.removeAppointment,
    ...remove,
    summary: "Remove a card",
  },
  moveAppointment: {
    ...endpoints.moveAppointment,
    ...post,
    summary: "Move a card to a column, or within one",
    body: moveAppointmentSchema,
    response: appointmentSchema,
    errors: [...stale, "invalid_transition"],
  },
  undoMove: {
    ...endpoints.undoMove,
    ...post,
    summary: "Undo one's own last move of a card, within a minute",
    body: undoMoveSchema,
    response: appointmentSchema,
    errors: [...stale, "invalid_transition"],
  },
  getStats: {
    ...endpoints.getStats,
    ...get,
    summary: "A day's board in figures",
    query: statsQuerySchema,
    response: statsSchema,
    viewerResponse: publicStatsSchema,
  },
  listServices: {
    ...endpoints.listServices,
    ...get,
    summary: "The shop's services, by code",
    query: listServicesQuerySchema,
    response: serviceListSchema,
  },
  getService: {
    ...endpoints.getService,
    ...get,
    summary: "One service",
    response: serviceSchema,
    errors: ["not_found"],
  },
  createService: {
    ...endpoints.createService,
    ...post,
    summary: "Create a service",
    body: createServiceSchema,
    response: serviceSchema,
    errors: ["conflict", "not_found"],
  },
  editService: {
    ...endpoints.editService,
    ...patch,
    summary: "Edit a service; cards keep the line and price they copied",
    body: editServiceSchema,
    response: serviceSchema,
  },
  removeService: {
    ...endpoints.removeService,
    ...remove,
    summary: "Remove a service; cards that use it stay as they are",
  },
  getShop: {
    ...endpoints.getShop,
    ...get,
    summary: "The shop's settings",
    response: shopSchema,
  },
  editShop: {
    ...endpoints.editShop,
    ...patch,
    summary: "Edit the shop's settings, technicians included",
    body: editShopSchema,
    response: shopSchema,
  },
  ...deviceRoutes,
  getMe: {
    ...endpoints.getMe,
    ...get,
    summary: "Who is signed in, for which shop, and in which role",
    response: meSchema,
  },
  signOut: {
    ...endpoints.signOut,
    ...post,
    summary: "End one's session, and with it the live connections that it opened",
    body: null,
    response: signedOutSchema,
    errors: [],
  },
  createTicket: {
    ...endpoints.createTicket,
    ...post,
    summary: "A ticket for one WebSocket connection within 30 s",
    body: null,
    response: ticketSchema,
    errors: [],
  },
  getHealth: {
    ...endpoints.getHealth,
    ...get,
    summary: "The process is up",
    response: healthSchema,
  },
  getHealthz: {
    ...endpoints.getHealthz,
    ...get,
    summary: "The same as /health",
    response: healthSchema,
  },
  getReadiness: {
    ...endpoints.getReadiness,
    ...get,
    summary: "The database answers",
    response: readinessSchema,
  },
  getAsyncApi: {
    ...endpoints.getAsyncApi,
    ...get,
    summary: "The contract of the live messages; the document itself, without the envelope",
    response: z.looseObject({ asyncapi: z.string() }),
  },
  getOpenApi: {
    ...endpoints.getOpenApi,
    ...get,
    summary: "This contract; the document itself, without the envelope",
    response: z.looseObject({ openapi: z.string() }),
  },
} as const satisfies Record<RouteId, Route>;

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
