import type { Board, BoardQuery } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { type BoardRead, boardView } from "../domain/board.ts";
import { type Outcome, ok } from "../domain/outcome.ts";
import type { Ports } from "./ports.ts";

const views = new WeakMap<BoardRead, Board>();

/**
 * A day's board. A store answers the same object while nothing has changed, and so does this for the whole board: who
 * writes it out may remember the bytes.
 */
export async function getBoard(query: BoardQuery, principal: Principal, { store }: Ports): Promise<Outcome<Board>> {
  const read = await store.readBoard(principal.shopId, query.date);
  if (query.technicianId !== undefined) return ok(boardView(read, query.technicianId));
  let view = views.get(read);
  if (view === undefined) {
    view = boardView(read);
    views.set(read, view);
  }
  return ok(view);
}
