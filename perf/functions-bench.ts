import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { ticketSchema } from "@status-board/contracts";
import * as z from "zod";
import { type FunctionName, functions } from "../scripts/build-aws.ts";
import { cardInput, moveRequest, mover } from "./cards.ts";
import { type Account, cookieSecretArn, type Instance, openAccount } from "./functions/account.ts";
import { type Consumed, openMeter, rotated } from "./functions/doubles.ts";
import { asBrowser, ofSocket, ofStream } from "./functions/events.ts";
import type { Called } from "./functions/instance.ts";
import { median } from "./percentile.ts";

const date = "2031-03-14";
const cardCount = 100;
const pk = { S: `SHOP#workshop#DAY#${date}` };
const query = `date=${date}`;

/** How a function starts, and what its second request takes; medians in milliseconds. */
export interface ColdFigures {
  name: FunctionName | "an empty file";
  gzippedBytes: number;
  initMs: number;
  initCpuMs: number;
  firstMs: number;
  warmMs: number;
}

const answerSchema = z.object({ body: z.string() });
const ticketAnswer = z.object({ data: ticketSchema });

/** What people, screens and AWS ask of the functions, each time anew; a warm instance prepares it. */
function askers({ bundleOf, cards, cookie, database }: Account, warm: Instance) {
  const client = new DynamoDBClient({
    endpoint: database.endpoint,
    region: "local",
    credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
  });
  const next = mover(cards);
  let count = 0;

  const move = () => {
    const made = next();
    const { method, path, body } = moveRequest(made);
    return { id: made.card.id, event: asBrowser(method, path, { cookie, body: JSON.parse(body) }) };
  };
  const ticket = async () => {
    const { result } = await warm.call(bundleOf("board"), asBrowser("POST", "/api/admin/live/ticket", { cookie }));
    return ticketAnswer.parse(JSON.parse(answerSchema.parse(result).body)).data.ticket;
  };
  const item = async (id: string) =>
    (await client.send(new GetItemCommand({ TableName: "status-board", Key: { pk, sk: { S: `APPT#${id}` } } }))).Item;
  /** A move that has been made, as the stream tells of it. */
  const change = async () => {
    const { id, event } = move();
    const before = await item(id);
    await warm.call(bundleOf("appointments"), event);
    return ofStream({ pk, sk: { S: `APPT#${id}` } }, before, await item(id), ++count);
  };
  return {
    move: async () => move().event,
    change,
    ticket,
    connect: async () => ofSocket("$connect", `screen${++count}=`, { ticket: await ticket() }),
    close: () => client.destroy(),
  };
}

/** Starts each function `tries` times over, on tables with a board of 100 cards, for somebody who is signed in. */
export async function measureCold(tries: number): Promise<ColdFigures[]> {
  const account = await openAccount(date, cardCount);
  const warm = account.start();
  const asked = askers(account, warm);
  const { cookie, bundleOf } = account;
  const get = (path: string, search?: string) => async () =>
    asBrowser("GET", path, { cookie, ...(search && { query: search }) });
  const eventOf: Record<FunctionName, () => Promise<object>> = {
    board: get("/api/admin/appointments/board", query),
    stats: get("/api/admin/dashboard/stats", query),
    appointments: asked.move,
    services: get("/api/admin/services"),
    auth: get("/auth/me"),
    health: get("/ready"),
    live: asked.connect,
    publisher: asked.change,
    "carry-over": async () => ({}),
    rotation: async () => ({ SecretId: cookieSecretArn, ClientRequestToken: rotated, Step: "finishSecret" }),
    "pre-traffic": async () => ({ DeploymentId: "d-1", LifecycleEventHookExecutionId: "bench" }),
    canary: async () => ({}),
  };

  async function lives(bundle: string, event?: () => Promise<object>): Promise<[Called, Called][]> {
    const found: [Called, Called][] = [];
    for (let life = 0; life < tries; life++) {
      const instance = account.start();
      found.push([await instance.call(bundle, await event?.()), await instance.call(bundle, await event?.())]);
      instance.stop();
    }
    return found;
  }
  const figuresOf = (name: ColdFigures["name"], gzippedBytes: number, found: readonly [Called, Called][]) => ({
    ...{ name, gzippedBytes },
    initMs: median(found.map(([{ initMs }]) => initMs)),
    initCpuMs: median(found.map(([{ initCpuMs }]) => initCpuMs)),
    firstMs: median(found.map(([{ callMs }]) => callMs)),
    warmMs: median(found.map(([, { callMs }]) => callMs)),
  });

  try {
    const floor = figuresOf("an empty file", 0, await lives(account.emptyFile));
    const figures: ColdFigures[] = [floor];
    for (const name of functions) {
      const bytes = gzipSync(readFileSync(bundleOf(name)), { level: 9 }).length;
      figures.push(figuresOf(name, bytes, await lives(bundleOf(name), eventOf[name])));
    }
    return figures;
  } finally {
    asked.close();
    warm.stop();
    await account.close();
  }
}

const cardAnswer = z.object({ data: z.object({ id: z.string(), version: z.int() }) });
const screens = 10;

/** What each operation reads and writes, as the database itself says, on warm functions. */
export async function measureCapacity(): Promise<Record<string, Consumed>> {
  const account = await openAccount(date, cardCount);
  const meter = await openMeter(account.database.endpoint);
  const warm = account.start(meter.url);
  const asked = askers(account, warm);
  const { cookie, bundleOf } = account;
  const used: Record<string, Consumed> = {};

  /** Calls a function, and notes by `name` what it used. */
  async function use(name: string, of: FunctionName, event: object): Promise<unknown> {
    meter.take();
    const { result } = await warm.call(bundleOf(of), event);
    used[name] = meter.take();
    return result;
  }
  const cardOf = (result: unknown) => cardAnswer.parse(JSON.parse(answerSchema.parse(result).body)).data;
  const path = "/api/admin/appointments";
  const post = (to: string, body: object) => asBrowser("POST", path + to, { cookie, body });

  async function all(): Promise<void> {
    // What others have changed since is read once; then the board is warm.
    for (let time = 0; time < 2; time++) {
      await use("board", "board", asBrowser("GET", `${path}/board`, { cookie, query }));
      await use("stats", "stats", asBrowser("GET", "/api/admin/dashboard/stats", { cookie, query }));
    }
    const { id } = cardOf(await use("create", "appointments", post("", cardInput(date, cardCount))));
    const body = { newStatus: "in_progress", expectedVersion: 1, mutationId: id };
    await use("move", "appointments", post(`/${id}/move`, body));
    await use("undo", "appointments", post(`/${id}/undo`, { mutationId: id, expectedVersion: 2 }));
    const edit = asBrowser("PATCH", `${path}/${id}`, { cookie, body: { notes: "Done.", expectedVersion: 3 } });
    await use("edit", "appointments", edit);
    await use("publish", "publisher", await asked.change());
    await use("ticket", "board", asBrowser("POST", "/api/admin/live/ticket", { cookie }));
    const screen = `measured${id}=`;
    await use("connect", "live", ofSocket("$connect", screen, { ticket: await asked.ticket() }));
    await use("subscribe", "live", ofSocket("$default", screen, { message: { action: "subscribe", date } }));
    await use("ping", "live", ofSocket("$default", screen, { message: { action: "ping" } }));
    await use("disconnect", "live", ofSocket("$disconnect", screen));
  }

  try {
    for (let index = 0; index < screens; index++) {
      const screen = `screen${index}=`;
      await warm.call(bundleOf("live"), ofSocket("$connect", screen, { ticket: await asked.ticket() }));
      await warm.call(bundleOf("live"), ofSocket("$default", screen, { message: { action: "subscribe", date } }));
    }
    // The first time, functions warm up.
    await all();
    await all();
    return used;
  } finally {
    asked.close();
    warm.stop();
    meter.close();
    await account.close();
  }
}
