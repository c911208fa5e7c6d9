import { createContext, use } from "react";
import type { StatusBoard, StatusBoardState } from "../../types.ts";

/** The day's board that is open. */
export interface OpenBoard {
  /** YYYY-MM-DD. */
  date: string;
  /** The shop's own day, YYYY-MM-DD, which need not be the board's. */
  today: string;
  /** What to show; another object whenever something changed. */
  state: StatusBoardState;
  /** What to do with it; the same object as long as the date stays. */
  board: StatusBoard;
}

export const BoardContext = createContext<OpenBoard | undefined>(undefined);

/** The open board; throws outside of {@link BoardContext}. */
export function useBoard(): OpenBoard {
  const board = use(BoardContext);
  if (board === undefined) throw new Error("there is no board around this component");
  return board;
}
