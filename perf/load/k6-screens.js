/** Screens over WebSockets: each follows the board's revisions and counts those that never came. */
import { Counter, Trend } from "k6/metrics";
import { clearTimeout, setTimeout } from "k6/timers";
import { WebSocket } from "k6/websockets";
import { asyncRequest, count, date, errors, headers, learn, nextStatus, pathTo, run } from "./k6-requests.js";

const lostPushes = new Counter("lost_pushes");
const pushMs = new Trend("push_ms");
const reconnectMs = new Trend("reconnect_ms");

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** A screen that has not subscribed by then counts as an error. */
const subscribeMaxMs = 10_000;
const revOf = /^\{"type":"diff",.*?"rev":(\d+)/;

/** Opens a screen, or opens it again from where it was; resolves when it is subscribed. */
async function subscribe(screen) {
  const response = await asyncRequest("POST", pathTo.ticket, null, "ticket");
  count("ticket", response, screen.startedAt);
  const { ticket, url } = /** @type {{ ticket: string, url: string }} */ (response.json("data"));
  const origin = headers.origin ?? headers.Origin;
  const socket = new WebSocket(`${url}?ticket=${ticket}`, null, { headers: origin ? { origin } : {} });
  screen.socket = socket;
  await new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error("not subscribed in time")), subscribeMaxMs);
    socket.onopen = () =>
      socket.send(JSON.stringify({ action: "subscribe", date, epoch: screen.epoch, rev: screen.rev }));
    socket.onmessage = ({ data }) => {
      if (receive(screen, data)) {
        clearTimeout(tooLate);
        resolve();
      }
    };
    socket.onclose = () => screen.onClose();
    socket.onerror = ({ error }) => reject(new Error(String(error)));
  });
}

/** Takes one message; true for the one that answers a subscribe. */
function receive(screen, data) {
  const diff = revOf.exec(data);
  if (diff !== null) {
    const rev = Number(diff[1]);
    if (screen.rev !== undefined && rev > screen.rev + 1) lostPushes.add(rev - screen.rev - 1);
    screen.rev = Math.max(screen.rev ?? 0, rev);
    screen.onDiff(data);
    return false;
  }
  const message = JSON.parse(data);
  if (message.type === "error") errors.add(true);
  if (message.type === "reset") screen.rev = message.rev;
  if (message.type !== "subscribed") return false;
  // What it missed is in `changes`, or left for it to fetch: either way it knows, and nothing is lost.
  Object.assign(screen, { epoch: message.epoch, rev: message.rev });
  return true;
}

/** Holds `count` screens for `seconds`, and moves `card` now and then to time the way from the request to each of them. */
export async function watchBoard(options) {
  const { card, count: screenCount, startedAt, seconds, moveEveryMs, afterLoadSeconds, cutAfterSeconds } = options;
  lostPushes.add(0);
  let expected;
  const own = { ...card };
  const screens = Array.from({ length: screenCount }, () => ({
    startedAt,
    isWanted: true,
    /** @type {WebSocket | undefined} */
    socket: undefined,
    /** @type {string | undefined} */
    epoch: undefined,
    /** @type {number | undefined} */
    rev: undefined,
    onClose() {
      if (this.isWanted) void comeBack(this, Date.now());
    },
    onDiff(data) {
      if (expected?.waiting.has(this) && expected.isIn(data)) {
        expected.waiting.delete(this);
        pushMs.add(Date.now() - expected.at);
      }
    },
  }));
  const comeBack = async (screen, cutAt) => {
    try {
      await subscribe(screen);
      reconnectMs.add(Date.now() - cutAt);
    } catch (error) {
      errors.add(true);
      console.warn(`a screen did not come back: ${error}`);
    }
  };
  const open = async (screen) => {
    try {
      await subscribe(screen);
    } catch (error) {
      errors.add(true);
      console.warn(`a screen did not open: ${error}`);
    }
  };
  for (const screen of screens) await open(screen);

  for (const at of cutAfterSeconds)
    setTimeout(
      () => {
        for (const { socket } of screens) socket.close();
      },
      Math.max(0, startedAt + at * 1_000 - Date.now()),
    );

  const until = startedAt + seconds * 1_000;
  for (let moves = 0; Date.now() < until; moves++) {
    const version = own.version + 1;
    const isIn = (data) => data.includes(own.id) && data.includes(`"version":${version}`);
    expected = { at: Date.now(), waiting: new Set(screens), isIn };
    const body = {
      newStatus: nextStatus(own),
      expectedVersion: own.version,
      mutationId: `k6-${run}-w${own.id.slice(-6)}-${moves}`,
    };
    const response = await asyncRequest("POST", pathTo.move(own.id), body, "move");
    count("move", response, startedAt);
    learn(own, response);
    await wait(moveEveryMs);
  }

  await wait(afterLoadSeconds * 1_000);
  const board = await asyncRequest("GET", pathTo.board, null, "board");
  const head = Number(board.json("data.rev"));
  for (const screen of screens) {
    if (screen.rev < head) lostPushes.add(head - screen.rev);
    screen.isWanted = false;
    screen.socket.close();
  }
}
