/** Requests to the board, timed and counted by operation; conflicts are answers, not errors. */
import http from "k6/http";
import { Counter, Rate, Trend } from "k6/metrics";

export const url = __ENV.URL || "http://127.0.0.1:3000";
export const date = __ENV.DATE || "2098-06-16";
export const headers = JSON.parse(__ENV.HEADERS || "{}");
/** Names this run in mutation ids, so that a second run on the same day repeats none. */
export const run = __ENV.RUN || String(Date.now());

export const pathTo = {
  board: `/api/admin/appointments/board?date=${date}`,
  stats: `/api/admin/dashboard/stats?date=${date}`,
  ticket: "/api/admin/live/ticket",
  move: (id) => `/api/admin/appointments/${id}/move`,
};

export const errors = new Rate("errors");
export const conflicts = new Counter("conflicts");
const trends = { board: new Trend("board_ms"), stats: new Trend("stats_ms"), move: new Trend("move_ms") };

const parameters = (name) => ({
  headers: Object.assign({ "content-type": "application/json" }, headers),
  timeout: "10s",
  // A load goes where it was told to go, and nowhere else.
  redirects: 0,
  responseCallback: http.expectedStatuses(200, 409),
  tags: { name },
});

export const request = (method, path, body = null, name = path) =>
  http.request(method, url + path, body && JSON.stringify(body), parameters(name));

export const asyncRequest = (method, path, body = null, name = path) =>
  http.asyncRequest(method, url + path, body && JSON.stringify(body), parameters(name));

/** Counts an answer: its latency if it came, an error if it is neither a success nor a conflict. */
export function count(operation, response, startedAt) {
  const latencyMs = response.timings.duration;
  const isConflict = operation === "move" && response.status === 409;
  errors.add(response.status !== 200 && !isConflict);
  if (isConflict) conflicts.add(1);
  if (response.status === 200 || isConflict) trends[operation]?.add(latencyMs);
  console.log(`${Date.now() - startedAt} ${operation} ${response.status} ${latencyMs.toFixed(3)}`);
}

const statuses = ["scheduled", "in_progress", "ready", "completed", "no_show"];

/** The cards of an answered board. */
export const cardsOf = (response) => {
  const { columns } = response.json("data");
  return statuses.flatMap((status) => columns[status].items);
};

const forward = { scheduled: "in_progress", in_progress: "ready", ready: "completed", no_show: "scheduled" };
const back = { completed: "ready", ready: "in_progress", in_progress: "scheduled" };

/** Where a card goes next: through the day to the end, and back again. `card.isReturning` remembers which way. */
export function nextStatus(card) {
  if (card.status === "completed") card.isReturning = true;
  if (card.status === "scheduled" || card.status === "no_show") card.isReturning = false;
  return (card.isReturning ? back : forward)[card.status];
}

/** Takes over what a move's answer tells: the card as it is now, whether moved or refused. */
export function learn(card, response) {
  if (response.status !== 200 && response.status !== 409) return;
  const answer = response.json();
  const current = answer.ok ? answer.data : answer.error.current;
  if (current) {
    card.version = current.version;
    card.status = current.status;
  } else if (answer.error?.from) card.status = answer.error.from;
}
