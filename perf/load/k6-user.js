/** Somebody at a screen: reads the board, the figures, and moves cards. */
import exec from "k6/execution";
import { cardsOf, count, learn, nextStatus, pathTo, request, run } from "./k6-requests.js";

/** Of all requests; what is left are moves. */
const boardShare = 0.5;
const statsShare = 0.2;
/** Of the moves: those of a card that belongs to somebody else. */
const strangerShare = 0.05;

const pick = (list) => list[Math.floor(Math.random() * list.length)];

/** A user with cards of its own: every `users`-th of them. */
export function createUser({ cards, users, startedAt }) {
  const own = cards.filter((_card, index) => index % users === exec.vu.idInTest % users).map((card) => ({ ...card }));
  let seen = cards.map((card) => ({ ...card }));
  let unread;
  const ids = new Set(cards.map(({ id }) => id));
  let moves = 0;

  function readBoard() {
    const response = request("GET", pathTo.board, null, "board");
    count("board", response, startedAt);
    if (response.status === 200) unread = response;
  }

  /** What the last board showed, parsed when it is needed and not before: the tool shares the cores with what it measures. */
  function lookAtBoard() {
    if (unread === undefined) return;
    seen = cardsOf(unread)
      .filter(({ id }) => ids.has(id))
      .map(({ id, status, version }) => ({ id, status, version }));
    unread = undefined;
    for (const card of own) {
      const now = seen.find(({ id }) => id === card.id);
      if (now !== undefined && now.version > card.version) Object.assign(card, now);
    }
  }

  function move() {
    const isStrangers = Math.random() < strangerShare;
    if (isStrangers) lookAtBoard();
    const card = isStrangers ? { ...pick(seen) } : pick(own);
    const body = {
      newStatus: nextStatus(card),
      expectedVersion: card.version,
      mutationId: `k6-${run}-${exec.vu.idInTest}-${moves++}`,
    };
    const response = request("POST", pathTo.move(card.id), body, "move");
    count("move", response, startedAt);
    learn(card, response);
  }

  return {
    act() {
      const chance = Math.random();
      if (chance < boardShare) readBoard();
      else if (chance < boardShare + statsShare) count("stats", request("GET", pathTo.stats, null, "stats"), startedAt);
      else move();
    },
  };
}
