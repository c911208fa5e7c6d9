import { type Appointment, type Board, boardSchema, routes, statuses } from "@status-board/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, createApi, dataOf } from "./seed/api.ts";
import { stepsBetween } from "./seed/card-work.ts";
import { cardId, planDay } from "./seed/plan.ts";
import { choicesFor } from "./seed/random.ts";
import { type SeedOptions, seedBoard } from "./seed/seed-board.ts";
import { runCommand } from "./testing/run-command.ts";
import { type StartedServer, startServer } from "./testing/started-server.ts";

let server: StartedServer;
let api: Api;

beforeAll(async () => {
  server = await startServer({ SHOP_TIME_ZONE: "Europe/Berlin" });
  api = createApi({ url: server.url, headers: {}, fetch });
});
afterAll(() => server.stop());

const seed = (date: string, options: Partial<SeedOptions> = {}) =>
  seedBoard({ url: server.url, date, cards: 30, ...options });

/** The board as it is served, but for its revision, which follows a moment after what it tells of. */
const boardText = async (date: string) =>
  (await (await fetch(`${server.url}/api/admin/appointments/board?date=${date}`)).text()).replace(/"rev":\d+/, "");
const boardOf = async (date: string) => dataOf(await api.call(routes.getBoard, { query: { date } }));
const cardsOf = (board: Board) => statuses.flatMap((status) => board.columns[status].items);

/** All that a run may change: the boards of these days, the services and the shop, as the server writes them. */
const everything = async (...dates: string[]) => [
  ...(await Promise.all(dates.map(boardText))),
  await (await fetch(`${server.url}/api/admin/services?limit=200`)).text(),
  await (await fetch(`${server.url}/api/admin/shop`)).text(),
];

const planned = (date: string, cards = 30) =>
  planDay({ date, cards, now: new Date(`${date}T12:00:00+02:00`).toISOString(), timeZone: "Europe/Berlin" });

/** What a first run leaves on a board, exactly. */
const expectedBoard = (date: string, cards = 30) =>
  statuses.map((status) =>
    planned(date, cards)
      .cards.filter((card) => card.status === status)
      .map((card) => ({ id: cardId(card, 0), version: 1 + stepsBetween("scheduled", status).length })),
  );
const seenBoard = (board: Board) =>
  statuses.map((status) => board.columns[status].items.map(({ id, version }) => ({ id, version })));

/** A card without what a reset cannot give back: its ids, versions and times of writing. */
function substance(card: Appointment) {
  const { id, version, rank, checkInAt, checkOutAt, createdAt, updatedAt, updatedBy, ...rest } = card;
  return rest;
}
const substanceOf = (board: Board) => statuses.map((status) => board.columns[status].items.map(substance));

/** A fetch that performs the first calls and refuses all others, as a session that ends would. */
function fetchThatEndsAfter(calls: number): typeof fetch {
  let left = calls;
  const refusal = { code: "forbidden", message: "The session has ended.", correlationId: "c-1" };
  return async (...request) =>
    left-- > 0 ? fetch(...request) : Response.json({ ok: false, error: refusal }, { status: 403 });
}

test("a first run fills all five columns in the planned order, and a second one changes nothing", async () => {
  const first = await seed("2031-05-05", { cards: 100 });
  expect(first).toMatchObject({ cards: 100, created: 100, moved: 70, unchanged: 0, services: 22, technicians: 5 });
  const board = await boardOf("2031-05-05");
  expect(seenBoard(board)).toEqual(expectedBoard("2031-05-05", 100));
  const before = await everything("2031-05-05");
  const second = await seed("2031-05-05", { cards: 100 });
  expect(second).toMatchObject({ created: 0, moved: 0, edited: 0, unchanged: 100, services: 0, technicians: 0 });
  const readOnly: typeof fetch = async (input, init) => {
    expect(init?.method).toBe("GET");
    return fetch(input, init);
  };
  await seed("2031-05-05", { cards: 100, now: "16:00", fetch: readOnly });
  await seed("2031-05-05", { cards: 100, reset: true, fetch: readOnly });
  expect(await everything("2031-05-05")).toEqual(before);
});

test("a longer day adds to a shorter one", async () => {
  await seed("2031-05-06", { cards: 20 });
  const before = cardsOf(await boardOf("2031-05-06"));
  expect(await seed("2031-05-06", { cards: 50 })).toMatchObject({ created: 30, unchanged: 20 });
  const after = new Map(cardsOf(await boardOf("2031-05-06")).map((card) => [card.id, card]));
  expect(after.size).toBe(50);
  for (const card of before) expect(after.get(card.id)).toEqual(card);
});

test("[HT5] a run that breaks off anywhere is finished by the next", async () => {
  for (let broken = 0; broken < 12; broken++) {
    const date = `2031-06-${String(broken + 1).padStart(2, "0")}`;
    await expect(seed(date, { fetch: fetchThatEndsAfter(3 + broken * 6) })).rejects.toThrow("correlation id c-1");
    await seed(date);
    expect(seenBoard(await boardOf(date))).toEqual(expectedBoard(date));
  }
});

test("[HT5] answers that are lost, and a server that is busy now and then, change nothing of the result", async () => {
  const attempts = new Map<string, number>();
  const unreliable: typeof fetch = async (input, init) => {
    const key = `${init?.method} ${input} ${init?.body}`;
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    const kind = attempts.size % 4;
    if (attempt === 1 && kind === 0) return new Response("busy", { status: 503, headers: { "retry-after": "0" } });
    if (attempt === 1 && kind === 1) return new Response("slowly", { status: 429, headers: { "retry-after": "0" } });
    const response = await fetch(input, init);
    if (attempt === 1 && kind === 2) throw new TypeError("the connection was lost");
    return response;
  };
  await seed("2031-05-07", { fetch: unreliable });
  expect(seenBoard(await boardOf("2031-05-07"))).toEqual(expectedBoard("2031-05-07"));
});

test("a command that is killed is finished by the next", async () => {
  const args = [
    "--conditions=source",
    "scripts/seed.ts",
    "--url",
    server.url,
    "--date",
    "2031-05-08",
    "--cards",
    "300",
  ];
  const killer = new AbortController();
  const killed = runCommand(process.execPath, args, killer.signal);
  while (cardsOf(await boardOf("2031-05-08")).length < 100) await new Promise((resolve) => setTimeout(resolve, 5));
  killer.abort();
  expect((await killed).code).toBeNull();
  expect(cardsOf(await boardOf("2031-05-08")).length).toBeLessThan(300);
  const { code, out } = await runCommand(process.execPath, args);
  expect([code, out]).toEqual([0, expect.stringMatching(/^2031-05-08: 300 cards: \d+ created, .* \d+ ms\n$/)]);
  expect(seenBoard(await boardOf("2031-05-08"))).toEqual(expectedBoard("2031-05-08", 300));
});

test("a card that somebody took over after an interruption is left alone", async () => {
  await seed("2031-05-10", { cards: 1 });
  await expect(seed("2031-05-09", { fetch: fetchThatEndsAfter(15) })).rejects.toThrow("forbidden");
  const arrived = new Map(
    expectedBoard("2031-05-09").flatMap((column) => column.map(({ id, version }) => [id, version])),
  );
  const onTheWay = ({ id, version }: Appointment) => version + 1 < (arrived.get(id) ?? 0);
  const touched = cardsOf(await boardOf("2031-05-09")).find(onTheWay);
  if (touched === undefined) throw new Error("all cards have arrived already");
  const body = { expectedVersion: touched.version, notes: "mine" };
  const edited = dataOf(await api.call(routes.editAppointment, { id: touched.id, body }));
  await seed("2031-05-09");
  expect(cardsOf(await boardOf("2031-05-09"))).toContainEqual(edited);
});

/** What people do to cards in a day: on about half of them a move, an edit, a removal or another date. */
async function disturb(date: string, elsewhere: string, name: string): Promise<void> {
  const choices = choicesFor(name);
  for (const { id, version: expectedVersion, status, start } of cardsOf(await boardOf(date))) {
    const what = choices.between(1, 10);
    if (what <= 2) {
      const [newStatus = status] = stepsBetween(status, choices.pick(statuses));
      dataOf(await api.call(routes.moveAppointment, { id, body: { newStatus, position: 0, expectedVersion } }));
    } else if (what === 3) {
      const edit = { notes: "changed", vehicle: {}, serviceCodes: ["OIL001"], technicianId: null, promisedAt: null };
      dataOf(await api.call(routes.editAppointment, { id, body: { ...edit, paidCents: 7, expectedVersion } }));
    } else if (what === 4) {
      dataOf(await api.call(routes.removeAppointment, { id, query: { expectedVersion: String(expectedVersion) } }));
    } else if (what === 5) {
      const body = { start: start.replace(date, elsewhere), end: `${elsewhere}T20:00:00Z`, expectedVersion };
      dataOf(await api.call(routes.editAppointment, { id, body }));
    }
  }
}

test("without a reset, what people did stays as it is", async () => {
  await seed("2031-07-01", { cards: 60 });
  await disturb("2031-07-01", "2031-07-02", "left alone");
  const before = await everything("2031-07-01", "2031-07-02");
  expect(await seed("2031-07-01", { cards: 60 })).toMatchObject({ created: 0, moved: 0, edited: 0, unchanged: 60 });
  expect(await everything("2031-07-01", "2031-07-02")).toEqual(before);
});

test.each([1, 2, 3, 4, 5])("a reset puts everything back, once (disturbance %i)", async (round) => {
  const date = `2031-08-0${round}`;
  const elsewhere = `2031-09-0${round}`;
  await seed(date, { cards: 60 });
  const asSeeded = substanceOf(await boardOf(date));
  for (let day = 0; day < 3; day++) {
    await disturb(date, elsewhere, `${round}/${day}`);
    const away = await boardText(elsewhere);
    await seed(date, { cards: 60, reset: true });
    expect(substanceOf(await boardOf(date))).toEqual(asSeeded);
    const after = await everything(date, elsewhere);
    expect(after[1]).toBe(away);
    expect(await seed(date, { cards: 60, reset: true })).toMatchObject({ created: 0, moved: 0, edited: 0 });
    expect(await seed(date, { cards: 60 })).toMatchObject({ unchanged: 60 });
    expect(await everything(date, elsewhere)).toEqual(after);
  }
});

test("[CA1] removed cards whose tombstones are long gone get the next generation's ids, once", async () => {
  const forgetful: typeof fetch = async (...request) => {
    const text = await (await fetch(...request)).text();
    return new Response(text.replace(/"removed":\[.*?\]/, '"removed":[]'));
  };
  await seed("2031-10-02");
  const asSeeded = substanceOf(await boardOf("2031-10-02"));
  await disturb("2031-10-02", "2031-10-03", "forgotten");
  const disturbed = await everything("2031-10-02", "2031-10-03");
  expect(await seed("2031-10-02", { fetch: forgetful })).toMatchObject({ unchanged: 30 });
  expect(await everything("2031-10-02", "2031-10-03")).toEqual(disturbed);
  await seed("2031-10-02", { fetch: forgetful, reset: true });
  expect(substanceOf(await boardOf("2031-10-02"))).toEqual(asSeeded);
  const after = await everything("2031-10-02", "2031-10-03");
  expect(await seed("2031-10-02", { fetch: forgetful, reset: true })).toMatchObject({ unchanged: 30 });
  expect(await seed("2031-10-02", { fetch: forgetful })).toMatchObject({ unchanged: 30 });
  expect(await everything("2031-10-02", "2031-10-03")).toEqual(after);
});

test("a reset moves only the cards that are out of order, and leaves other people's cards", async () => {
  await seed("2031-10-01", { reset: true });
  const board = await boardOf("2031-10-01");
  expect(seenBoard(board)).toEqual(expectedBoard("2031-10-01"));
  const times = { start: "2031-10-01T08:00:00Z", end: "2031-10-01T08:30:00Z" };
  const walkIn = { ...times, customer: { name: "Walk-in" }, vehicle: {}, serviceCodes: [] };
  const own = dataOf(await api.call(routes.createAppointment, { body: walkIn }));
  const last = board.columns.scheduled.items.at(-1);
  if (last === undefined) throw new Error("nothing is scheduled");
  const body = { newStatus: "scheduled" as const, position: 0, expectedVersion: last.version };
  dataOf(await api.call(routes.moveAppointment, { id: last.id, body }));
  expect(await seed("2031-10-01", { reset: true })).toMatchObject({ moved: 1, unchanged: 29 });
  const { items } = (await boardOf("2031-10-01")).columns.scheduled;
  const seeded = board.columns.scheduled.items.map(({ id }) => id);
  expect(items.map(({ id }) => id).filter((id) => id !== own.id)).toEqual(seeded);
  expect(items).toContainEqual(own);
});

test("services and technicians that new cards need come back; those of the shop's own stay", async () => {
  const shop = dataOf(await api.call(routes.getShop));
  const ownTechnician = { id: cardId({ date: "2031-01-01", index: 0 }, 0), name: "Own" };
  const technicians = [ownTechnician, ...shop.technicians.slice(2)];
  dataOf(await api.call(routes.editShop, { body: { technicians, expectedVersion: shop.version } }));
  const { items } = dataOf(await api.call(routes.listServices, { query: { limit: "200" } }));
  for (const { id, version, code } of items.filter((_, index) => index % 3 === 0)) {
    const query = { expectedVersion: String(version) };
    if (code < "D") dataOf(await api.call(routes.removeService, { id, query }));
    else dataOf(await api.call(routes.editService, { id, body: { expectedVersion: version, active: false } }));
  }
  expect(await seed("2031-11-01")).toMatchObject({ created: 30, technicians: 2, services: 8 });
  const after = dataOf(await api.call(routes.getShop)).technicians.map(({ id }) => id);
  expect(after.toSorted()).toEqual([ownTechnician, ...shop.technicians].map(({ id }) => id).toSorted());
  expect(after[0]).toBe(ownTechnician.id);
});

test("the same arguments send the same requests to any server", async () => {
  const recordRun = async (url: string) => {
    const sent: string[] = [];
    const recording: typeof fetch = (input, init) => {
      if (init?.method !== "GET") sent.push(`${init?.method} ${String(input).replace(url, "")} ${init?.body}`);
      return fetch(input, init);
    };
    await seedBoard({ url, date: "2031-12-01", cards: 40, fetch: recording });
    return sent.toSorted();
  };
  const servers = await Promise.all([startServer(), startServer()]);
  try {
    const [one, other] = await Promise.all(servers.map(({ url }) => recordRun(url)));
    expect(one).toEqual(other);
    expect(one?.length).toBeGreaterThan(100);
  } finally {
    await Promise.all(servers.map(({ stop }) => stop()));
  }
});

const command = (...args: string[]) =>
  runCommand(process.execPath, ["--conditions=source", "scripts/seed.ts", ...args]);

test("bad arguments end with 2 and a usage line, a server that is not there or refuses with 1 and one line", async () => {
  const [wrong, absent, refusing] = await Promise.all([
    command("--url", server.url, "--date", "2031-02-30", "--cards", "10"),
    command("--url", "http://127.0.0.1:1", "--date", "2031-05-05", "--cards", "10"),
    command("--url", server.url, "--date", "2031-05-05", "--cards", "10", "--header", "origin: http://evil.example"),
  ]);
  expect([wrong.code, wrong.out]).toEqual([2, ""]);
  expect(wrong.err).toMatch(/^--date must be .*\nusage: npm run seed -- .*\n$/);
  expect([absent.code, absent.out]).toEqual([1, ""]);
  expect(absent.err).toMatch(/^GET \S+ got no answer: \S.* \(correlation id seed-[0-9a-f]{8}-1\)\n$/);
  expect([refusing.code, refusing.out]).toEqual([1, ""]);
  expect(refusing.err).toMatch(/^GET \S+ answered 403 forbidden: .* \(correlation id seed-[0-9a-f]{8}-1\)\n$/);
});

test("what is no status board is named as such", async () => {
  const page: typeof fetch = async () => new Response("<html>Welcome</html>");
  await expect(seed("2031-05-05", { fetch: page })).rejects.toThrow("answered 200, and not as a status board does");
  expect(boardSchema.safeParse(await boardOf("2031-05-05")).success).toBe(true);
});
