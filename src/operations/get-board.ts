import type { Board, BoardQuery, PublicBoard } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { type BoardRead, boardView } from "../domain/board.ts";
import { type Outcome, ok } from "../domain/outcome.ts";
import { publicBoard } from "../domain/projection.ts";
import type { Ports } from "./ports.ts";

const staffViews = new WeakMap<BoardRead, Board>();
const viewerViews = new WeakMap<BoardRead, PublicBoard>();

/** What is made of a read, made once. */
function once<View>(views: WeakMap<BoardRead, View>, read: BoardRead, make: () => View): View {
  const known = views.get(read);
  if (known !== undefined) return known;
  const view = make();
  views.set(read, view);
  return view;
}

/**
 * A day's board, to a viewer as the public projection. A store answers the same object while nothing has changed, and so
 * does this for the whole board: who writes it out may remember the bytes.
 */
export async function getBoard(
  query: BoardQuery,
  principal: Principal,
  { store }: Ports,
): Promise<Outcome<Board | PublicBoard>> {
  const read = await store.readBoard(principal.shopId, query.date);
  const isViewer = principal.role === "viewer";
  if (query.technicianId !== undefined) {
    const view = boardView(read, query.technicianId);
    return ok(isViewer ? publicBoard(view) : view);
  }
  return ok(
    isViewer
      ? once(viewerViews, read, () => publicBoard(boardView(read)))
      : once(staffViews, read, () => boardView(read)),
  );
}
