/** The steps of a visit: artillery-status-board.yml names them. */
const date = process.env.DATE ?? "2098-06-16";
const headers = JSON.parse(process.env.HEADERS ?? "{}");
const run = process.env.RUN ?? String(Date.now());

const statuses = ["scheduled", "in_progress", "ready", "completed", "no_show"];
const forward = { scheduled: "in_progress", in_progress: "ready", ready: "completed", no_show: "scheduled" };
const back = { completed: "ready", ready: "in_progress", in_progress: "scheduled" };
const catchUpMaxMs = 2_000;

let visits = 0;
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
  Object.assign(context.vars, { date, visit: visits++, moves: 0, awaited: new Map() });
  done();
}

/** Opens the visit's screen; a revision that it never gets is a lost push. */
export function openScreen(_request, response, context, events, done) {
  count("ticket", response, events);
  const ticket = dataOf(response);
  events.emit("counter", "screens", 1);
  if (ticket === undefined) return done();
  const { vars } = context;
  const origin = headers.origin ?? headers.Origin;
  const socket = new WebSocket(`${ticket.url}?ticket=${ticket.ticket}`, origin ? { headers: { origin } } : {});
  vars.socket = socket;
  const fail = () => {
    events.emit("counter", "errors", 1);
    done();
  };
  socket.onerror = fail;
  socket.onopen = () => socket.send(JSON.stringify({ action: "subscribe", date }));
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === "subscribed") {
      vars.rev = message.rev;
      socket.onerror = () => events.emit("counter", "errors", 1);
      done();
    }
    if (message.type !== "diff") return;
    if (message.rev > vars.rev + 1) events.emit("counter", "lost_pushes", message.rev - vars.rev - 1);
    vars.rev = Math.max(vars.rev, message.rev);
    for (const op of message.ops) {
      const key = op.card && `${op.card.id} ${op.card.version}`;
      if (!vars.awaited.has(key)) continue;
      events.emit("histogram", "push_ms", Date.now() - vars.awaited.get(key));
      vars.awaited.delete(key);
    }
  };
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
    vars.socket?.close();
    done();
  };
  look();
}
