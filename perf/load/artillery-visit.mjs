/** The steps of a visit: artillery-status-board.yml and artillery-storm.yml name them. */
import { readFileSync } from "node:fs";
import WebSocket from "ws";

const date = process.env.DATE ?? "2098-06-16";
const headers = JSON.parse(process.env.HEADERS ?? "{}");
const run = process.env.RUN ?? String(Date.now());

const statuses = ["scheduled", "in_progress", "ready", "completed", "no_show"];
const forward = { scheduled: "in_progress", in_progress: "ready", ready: "completed", no_show: "scheduled" };
const back = { completed: "ready", ready: "in_progress", in_progress: "scheduled" };
const revOf = /^\{"type":"diff",.*?"rev":(\d+)/;
const catchUpMaxMs = 2_000;
const pauseMaxMs = 10_000;
const afterCutMs = 10_000;

const profiles = JSON.parse(readFileSync(new URL("profiles.json", import.meta.url), "utf8"));
const { cutAfterSeconds = [] } = profiles[process.env.PROFILE ?? "quick"];

let visits = 0;
/** When the first visit began. */
let startedAt;
/** The moments at which every screen is cut. */
const cutAtMs = () => cutAfterSeconds.map((seconds) => startedAt + seconds * 1_000);
/** Cards that return towards the start of the day. */
const returning = new Set();

/** Counts an answer as k6 does: errors apart from conflicts. */
function count(operation, response, events) {
  const { statusCode, timings } = response;
  const isConflict = operation === "move" && statusCode === 409;
  if (isConflict) events.emit("counter", "conflicts", 1);
  else if (statusCode !== 200) events.emit("counter", "errors", 1);
  const { wait = 0, download = 0, request = 0 } = timings?.phases ?? {};
  if (statusCode === 200 || isConflict) events.emit("histogram", `${operation}_ms`, request + wait + download);
}

const dataOf = ({ statusCode, body }) => (statusCode === 200 ? JSON.parse(body).data : undefined);

export function prepare(context, _events, done) {
  startedAt ??= Date.now();
  Object.assign(context.vars, { date, visit: visits++, moves: 0, awaited: new Map() });
  done();
}

/** A load goes where it was told to go, and nowhere else. */
export function stayHere(request, _context, _events, done) {
  request.followRedirect = false;
  done();
}

/**
 * Opens a screen with a ticket, or opens it again from where it was; calls back when it is subscribed, or with what went
 * wrong. A revision that it never gets is a lost push.
 */
function watch(vars, ticket, events, done) {
  const origin = headers.origin ?? headers.Origin;
  const options = { perMessageDeflate: false, ...(origin && { origin }) };
  const socket = new WebSocket(`${ticket.url}?ticket=${ticket.ticket}`, options);
  vars.socket = socket;
  let isSubscribed = false;
  socket.on("error", () => {
    if (isSubscribed) events.emit("counter", "errors", 1);
    else done(new Error("the screen was not opened"));
  });
  socket.on("open", () => {
    const { epoch, rev } = vars;
    socket.send(JSON.stringify({ action: "subscribe", date, ...(rev !== undefined && { epoch, rev }) }));
  });
  socket.on("message", (data) => {
    const text = data.toString();
    const diff = revOf.exec(text);
    if (diff !== null) return show(vars, Number(diff[1]), text, events);
    const message = JSON.parse(text);
    if (message.type === "error") events.emit("counter", "errors", 1);
    if (message.type === "reset") vars.rev = message.rev;
    if (message.type !== "subscribed") return;
    // What it missed is in `changes`, or left for it to fetch: either way it knows, and nothing is lost.
    Object.assign(vars, { epoch: message.epoch, rev: message.rev });
    isSubscribed = true;
    done();
  });
}

/** What a screen takes from a revision. Hundreds of them are one thread here, so that it parses what concerns its own card alone. */
function show(vars, rev, text, events) {
  if (rev > vars.rev + 1) events.emit("counter", "lost_pushes", rev - vars.rev - 1);
  vars.rev = Math.max(vars.rev, rev);
  if (vars.card === undefined || !text.includes(vars.card.id)) return;
  for (const { card } of JSON.parse(text).ops) {
    if (card?.id !== vars.card.id) continue;
    if (card.version > vars.card.version) vars.card = card;
    const key = `${card.id} ${card.version}`;
    if (!vars.awaited.has(key)) continue;
    events.emit("histogram", "push_ms", Date.now() - vars.awaited.get(key));
    vars.awaited.delete(key);
  }
}

/** Cuts a screen, which comes back at once: with all the others. */
async function cut(vars, target, events) {
  if (vars.isOver) return;
  const { socket } = vars;
  socket.removeAllListeners().on("error", () => {});
  socket.terminate();
  const cutAt = Date.now();
  try {
    const answer = await fetch(`${target}/api/admin/live/ticket`, { method: "POST", headers, redirect: "error" });
    const { data } = await answer.json();
    await new Promise((resolve, reject) => {
      watch(vars, data, events, (error) => (error ? reject(error) : resolve()));
    });
    events.emit("histogram", "reconnect_ms", Date.now() - cutAt);
  } catch {
    events.emit("counter", "errors", 1);
  }
}

/** Opens the visit's screen, and has it cut when the profile says so. */
export function openScreen(_request, response, context, events, done) {
  count("ticket", response, events);
  events.emit("counter", "screens", 1);
  const ticket = dataOf(response);
  if (ticket === undefined) return done();
  const { vars } = context;
  watch(vars, ticket, events, (error) => {
    if (error) events.emit("counter", "errors", 1);
    for (const at of cutAtMs())
      if (at > Date.now()) setTimeout(() => void cut(vars, vars.target, events), at - Date.now());
    done();
  });
}

/** Somebody looks up from their work now and then. */
export function pause(_context, _events, done) {
  setTimeout(done, pauseMaxMs * Math.random());
}

/** Stays until every cut is over. */
export function stay(_context, _events, done) {
  setTimeout(done, Math.max(0, (cutAtMs().at(-1) ?? 0) + afterCutMs - Date.now()));
}

export function readBoard(_request, response, context, events, done) {
  count("board", response, events);
  const board = dataOf(response);
  const cards = board ? statuses.flatMap((status) => board.columns[status].items) : [];
  if (cards.length > 0) context.vars.card = cards[context.vars.visit % cards.length];
  done(cards.length > 0 ? undefined : new Error("the board has no cards: seed it first"));
}

export function countStats(_request, response, _context, events, done) {
  count("stats", response, events);
  done();
}

export function chooseMove(request, context, _events, done) {
  const { vars } = context;
  const { id, status, version } = vars.card;
  if (status === "completed") returning.add(id);
  if (status === "scheduled" || status === "no_show") returning.delete(id);
  const newStatus = (returning.has(id) ? back : forward)[status];
  request.json = { newStatus, expectedVersion: version, mutationId: `artillery-${run}-${vars.visit}-${vars.moves++}` };
  vars.awaited.set(`${id} ${version + 1}`, Date.now());
  done();
}

export function countMove(_request, response, context, events, done) {
  count("move", response, events);
  const answer = JSON.parse(response.body);
  const current = answer.ok ? answer.data : answer.error.current;
  if (!answer.ok) context.vars.awaited.clear();
  if (current) context.vars.card = current;
  done();
}

/** Gives the screen a moment to reach the revision that the board had, and counts what is missing then. */
export function closeScreen(_request, response, context, events, done) {
  count("board", response, events);
  const { vars } = context;
  const head = dataOf(response)?.rev ?? 0;
  const until = Date.now() + catchUpMaxMs;
  const look = () => {
    if (vars.rev < head && Date.now() < until) return setTimeout(look, 20);
    if (vars.rev < head) events.emit("counter", "lost_pushes", head - vars.rev);
    vars.isOver = true;
    vars.socket?.close();
    done();
  };
  look();
}
