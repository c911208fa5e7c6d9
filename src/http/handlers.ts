import {
  asyncApiDocument,
  boardQuerySchema,
  changesQuerySchema,
  claimPairingSchema,
  createAppointmentSchema,
  createPairingSchema,
  createServiceSchema,
  editAppointmentSchema,
  editServiceSchema,
  editShopSchema,
  type endpoints,
  listServicesQuerySchema,
  moveAppointmentSchema,
  openApiDocument,
  type RouteBody,
  type RouteId,
  type RouteQuery,
  type RouteResponse,
  removeQuerySchema,
  renameDeviceSchema,
  type routes,
  statsQuerySchema,
  undoMoveSchema,
  type ViewerResponse,
} from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { issueTicket } from "../auth/tickets.ts";
import { type Outcome, ok } from "../domain/outcome.ts";
import { createAppointment } from "../operations/create-appointment.ts";
import { editAppointment } from "../operations/edit-appointment.ts";
import { getAppointment } from "../operations/get-appointment.ts";
import { getBoard } from "../operations/get-board.ts";
import { getChanges } from "../operations/get-changes.ts";
import { getHistory } from "../operations/get-history.ts";
import { getStats } from "../operations/get-stats.ts";
import { moveAppointment } from "../operations/move-appointment.ts";
import { createPairing, listDevices, renameDevice, revokeDevice } from "../operations/pair-devices.ts";
import { nowOf, type Ports } from "../operations/ports.ts";
import { getService, listServices } from "../operations/read-services.ts";
import { removeAppointment } from "../operations/remove-appointment.ts";
import { editShop, getMe, getShop } from "../operations/shop.ts";
import { undoMove } from "../operations/undo-move.ts";
import { createService, editService, removeService } from "../operations/write-services.ts";
import { StoreUnavailable } from "../store/store.ts";
import type { HttpRequest } from "./message.ts";
import { pair } from "./pair.ts";
import type { SignIn } from "./sign-in.ts";

type OpenId = { [Id in RouteId]: (typeof endpoints)[Id]["roles"] extends "public" ? Id : never }[RouteId];
type GuardedId = Exclude<RouteId, OpenId>;

/** A request after its schemas: `id` is the path's ULID, or empty where the path has none. */
interface Input<Id extends RouteId> {
  id: string;
  query: RouteQuery<Id>;
  body: RouteBody<Id>;
}

/** What an operation that anybody may call is made of. */
export interface OpenInput {
  ports: Ports;
  release: string;
  request: HttpRequest;
  /** Absent where nobody signs in. */
  signIn?: SignIn | undefined;
}

/** What an operation that anybody may call answers; cookies are whole Set-Cookie headers. */
export type OpenOutcome<Data> = Outcome<Data> & { cookies?: readonly string[] };

type ParsingOf<Id extends RouteId> = {
  query?: (typeof routes)[Id]["query"];
} & ((typeof routes)[Id]["body"] extends null ? { body?: never } : { body: (typeof routes)[Id]["body"] });

type Guarded = {
  [Id in GuardedId]: ParsingOf<Id> & {
    run: (
      input: Input<Id>,
      principal: Principal,
      ports: Ports,
    ) => Promise<Outcome<RouteResponse<Id> | ViewerResponse<Id>>>;
  };
};
type Open = {
  [Id in OpenId]: ParsingOf<Id> & {
    run: (input: OpenInput & { body: RouteBody<Id> }) => Promise<OpenOutcome<RouteResponse<Id>>>;
  };
};

/** The operation behind each route that is served; a route without one is not found. */
export type Handlers = Partial<Guarded & Open>;

/** A board, and the way to its pushes. */
export const boardHandlers = {
  getBoard: { query: boardQuerySchema, run: ({ query }, principal, ports) => getBoard(query, principal, ports) },
  getChanges: { query: changesQuerySchema, run: ({ query }, principal, ports) => getChanges(query, principal, ports) },
  createTicket: {
    run: async (_input, principal, { tickets, clock, liveUrl }) =>
      ok(await issueTicket(principal, { tickets, clock, url: liveUrl() })),
  },
} satisfies Handlers;

export const statsHandlers = {
  getStats: { query: statsQuerySchema, run: ({ query }, principal, ports) => getStats(query, principal, ports) },
} satisfies Handlers;

/** Single cards. */
export const appointmentHandlers = {
  getAppointment: { run: ({ id }, principal, ports) => getAppointment(id, principal, ports) },
  getHistory: { run: ({ id }, principal, ports) => getHistory(id, principal, ports) },
  createAppointment: {
    body: createAppointmentSchema,
    run: ({ body }, principal, ports) => createAppointment(body, principal, ports),
  },
  editAppointment: {
    body: editAppointmentSchema,
    run: ({ id, body }, principal, ports) => editAppointment(id, body, principal, ports),
  },
  removeAppointment: {
    query: removeQuerySchema,
    run: ({ id, query }, principal, ports) => removeAppointment(id, query, principal, ports),
  },
  moveAppointment: {
    body: moveAppointmentSchema,
    run: ({ id, body }, principal, ports) => moveAppointment(id, body, principal, ports),
  },
  undoMove: { body: undoMoveSchema, run: ({ id, body }, principal, ports) => undoMove(id, body, principal, ports) },
} satisfies Handlers;

/** What a shop sells, and what it is. */
export const shopHandlers = {
  listServices: {
    query: listServicesQuerySchema,
    run: ({ query }, principal, ports) => listServices(query, principal, ports),
  },
  getService: { run: ({ id }, principal, ports) => getService(id, principal, ports) },
  createService: {
    body: createServiceSchema,
    run: ({ body }, principal, ports) => createService(body, principal, ports),
  },
  editService: {
    body: editServiceSchema,
    run: ({ id, body }, principal, ports) => editService(id, body, principal, ports),
  },
  removeService: {
    query: removeQuerySchema,
    run: ({ id, query }, principal, ports) => removeService(id, query, principal, ports),
  },
  getShop: { run: (_input, principal, ports) => getShop(principal, ports) },
  editShop: { body: editShopSchema, run: ({ body }, principal, ports) => editShop(body, principal, ports) },
} satisfies Handlers;

/** Who is signed in, and the end of that. */
export const signedInHandlers = {
  getMe: { run: (_input, principal, ports) => getMe(principal, ports) },
  signOut: {
    run: async ({ request, signIn }) => {
      // Where nobody signs in, there is nothing to end.
      const outcome = await signIn?.signOut(request);
      if (outcome?.kind === "foreign") return { kind: "forbidden", message: "Signing out must name its origin." };
      return { ...ok({ signedOut: true as const }), ...(outcome && { cookies: outcome.cookies }) };
    },
  },
} satisfies Handlers;

/** Devices: their list, and how one comes onto it. */
export const deviceHandlers = {
  listDevices: { run: (_input, principal, ports) => listDevices(principal, ports) },
  createPairing: {
    body: createPairingSchema,
    run: ({ body }, principal, ports) => createPairing(body, principal, ports),
  },
  renameDevice: {
    body: renameDeviceSchema,
    run: ({ id, body }, principal, ports) => renameDevice(id, body, principal, ports),
  },
  revokeDevice: { run: ({ id }, principal, ports) => revokeDevice(id, principal, ports) },
  claimPairing: { body: claimPairingSchema, run: pair },
  getWaysIn: {
    run: async ({ signIn, ports }) => ok({ signIn: signIn?.visit !== undefined, pairing: ports.pairing !== undefined }),
  },
} satisfies Handlers;

const health = async ({ ports, release }: OpenInput) =>
  ok({ status: "up" as const, version: release, time: nowOf(ports) });

let asyncApi: { release: string; document: RouteResponse<"getAsyncApi"> } | undefined;
let openApi: { release: string; document: RouteResponse<"getOpenApi"> } | undefined;

/** How the server is, and what it speaks. */
export const aboutHandlers = {
  getHealth: { run: health },
  getHealthz: { run: health },
  getReadiness: {
    run: async ({ ports }) => {
      await ports.store.ping().catch((cause: unknown) => {
        throw new StoreUnavailable("the database is not ready", { cause });
      });
      return ok({ status: "ready" as const, time: nowOf(ports), ...ports.condition?.() });
    },
  },
  getAsyncApi: {
    run: async ({ release }) => {
      if (asyncApi?.release !== release) asyncApi = { release, document: asyncApiDocument(release) };
      return ok(asyncApi.document);
    },
  },
  getOpenApi: {
    run: async ({ release }) => {
      if (openApi?.release !== release) openApi = { release, document: openApiDocument(release) };
      return ok(openApi.document);
    },
  },
} satisfies Handlers;
