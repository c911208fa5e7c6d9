import {
  type Appointment,
  appointmentSchema,
  boardSchema,
  endpoints,
  failureSchema,
  machinePrefix,
  type RouteId,
  removedSchema,
  ticketSchema,
} from "@status-board/contracts";
import * as z from "zod";
import type { ApiRequest } from "./signed-requests.ts";
import { openWatch, type Watch } from "./watch-board.ts";

/** What a walk goes with. */
export interface WalkPorts {
  /** Sends a request as a machine that is a manager. */
  send: (request: ApiRequest, signal: AbortSignal) => Promise<Response>;
  clock: () => Date;
  newId: () => string;
  /** The longest that one step may take, in milliseconds. */
  stepMaxMs: number;
}

/** A step that did not go as it must; what it tells is fit for the log. */
export class WalkProblem extends Error {
  override name = "WalkProblem";
  readonly step: string;
  readonly status: number | undefined;
  readonly correlationId: string | undefined;
  constructor(step: string, message: string, answer?: Response, options?: ErrorOptions) {
    super(message, options);
    this.step = step;
    this.status = answer?.status;
    this.correlationId = answer?.headers.get("x-correlation-id") ?? undefined;
  }
}

interface Call {
  id?: string;
  query?: Record<string, string>;
  body?: object;
}

const conflictSchema = failureSchema.refine(({ error }) => error.code === "version_conflict");
const successSchema = z.object({ ok: z.literal(true), data: z.unknown() });
const firstDay = Date.parse("2090-01-01T11:00:00.000Z");
const dayMs = 86_400_000;
const daysWalked = 3_000;
const walkEveryMs = 300_000;

/** A card on a day that nobody plans for, another one each time: tombstones last a week, and a board is read whole. */
function cardOf(id: string, now: Date) {
  const day = Math.floor(now.getTime() / walkEveryMs) % daysWalked;
  const moment = new Date(firstDay + day * dayMs).toISOString();
  return { id, start: moment, end: moment, customer: { name: "Canary" }, vehicle: {}, serviceCodes: [] };
}

/**
 * Walks the way of a card by the machine's API, with a screen beside it: creates it, finds it on its board, moves it and
 * sees that arrive by the socket, meets a conflict, undoes and removes. Removes it, too, when a step fails. Answers the
 * time in milliseconds from sending the move to its arrival. Throws a {@link WalkProblem}.
 */
export async function walk(ports: WalkPorts): Promise<{ pushMs: number }> {
  const { send, clock, newId, stepMaxMs } = ports;

  async function ask<Schema extends z.ZodType>(
    step: RouteId | "conflict",
    call: Call,
    schema: Schema,
    status: number,
  ): Promise<z.output<Schema>> {
    const { method, path } = endpoints[step === "conflict" ? "moveAppointment" : step];
    const { id = "", query = {}, body } = call;
    const request = { method, path: machinePrefix + path.replace("{id}", id), query, ...(body && { body }) };
    const signal = AbortSignal.timeout(stepMaxMs);
    let answer: Response | undefined;
    try {
      answer = await send(request, signal);
      const json: unknown = await answer.json();
      const parsed = schema.safeParse(status < 400 ? successSchema.safeParse(json).data?.data : json);
      if (answer.status === status && parsed.success) return parsed.data;
    } catch (cause) {
      throw new WalkProblem(step, "was not answered", answer, { cause });
    }
    throw new WalkProblem(step, "was not answered as it must be", answer);
  }
  const data = <Schema extends z.ZodType>(step: RouteId, call: Call, schema: Schema): Promise<z.output<Schema>> =>
    ask(step, call, schema, endpoints[step].status);

  async function remove(id: string): Promise<void> {
    const { version } = await data("getAppointment", { id }, appointmentSchema);
    await data("removeAppointment", { id, query: { expectedVersion: String(version) } }, removedSchema);
  }

  async function withScreen(card: Appointment, screen: Watch): Promise<number> {
    const { id, version } = card;
    const mutationId = `canary-${newId()}`;
    const move = { newStatus: "in_progress", expectedVersion: version };
    const sentAt = performance.now();
    const moved = await data("moveAppointment", { id, body: { ...move, mutationId } }, appointmentSchema);
    await live(screen.sees(id, moved.version));
    const pushMs = performance.now() - sentAt;
    await ask("conflict", { id, body: move }, conflictSchema, 409);
    const undo = { mutationId, expectedVersion: moved.version };
    const { status } = await data("undoMove", { id, body: undo }, appointmentSchema);
    if (status !== card.status) throw new WalkProblem("undoMove", "did not bring the card back");
    return pushMs;
  }

  const id = newId();
  try {
    const card = await data("createAppointment", { body: cardOf(id, clock()) }, appointmentSchema);
    const { columns } = await data("getBoard", { query: { date: card.date } }, boardSchema);
    if (!columns.scheduled.items.some((one) => one.id === id))
      throw new WalkProblem("getBoard", "does not show the card");
    const screen = await live(openWatch(await data("createTicket", {}, ticketSchema), card.date, stepMaxMs));
    const pushMs = await withScreen(card, screen).finally(screen.close);
    await remove(id);
    return { pushMs };
  } catch (error) {
    // A creation whose answer was lost may have made a card all the same. What stays behind stays on a far day.
    await remove(id).catch(() => {});
    throw error;
  }
}

const live = <Value>(waiting: Promise<Value>): Promise<Value> =>
  waiting.catch((cause: unknown) => {
    throw new WalkProblem("live", "did not show the board", undefined, { cause });
  });
