import type { PublicAppointment } from "@status-board/contracts";
import { useEffect, useState } from "react";
import { createStatusBoard } from "../../status-board.ts";
import type { StatusBoardClient } from "../../status-board-client.ts";
import type { StatusBoardState } from "../../types.ts";
import { isSure } from "./scene.ts";

const pollingIntervalMs = 30_000;

/** A day's board as a screen on a wall watches it. */
export interface TvBoardState extends StatusBoardState<PublicAppointment> {
  /** When a card changed while this screen watched, in ms since 1970; undefined for not yet. */
  changedAt: number | undefined;
  /** When the screen last was sure of what it shows, in ms since 1970. */
  sureAt: number;
  /** Whether it is now. */
  isSure: boolean;
}

function after(before: TvBoardState | undefined, state: StatusBoardState<PublicAppointment>): TvBoardState {
  const now = Date.now();
  const { connection, board } = state;
  const hasChanged = before?.board !== undefined && board !== undefined && before.board !== board;
  const known = "since" in connection ? connection.since : before?.sureAt;
  return {
    ...state,
    changedAt: hasChanged ? now : before?.changedAt,
    sureAt: connection.kind === "live" ? now : (known ?? now),
    isSure: isSure(connection, now, pollingIntervalMs),
  };
}

/** The board of a day (YYYY-MM-DD), kept true by itself; undefined for the moment before it is opened. */
export function useTvBoard(client: StatusBoardClient, date: string): TvBoardState | undefined {
  const [state, setState] = useState<TvBoardState>();
  useEffect(() => {
    const board = createStatusBoard<PublicAppointment>({ client, date, pollingInterval: pollingIntervalMs });
    const take = () => setState((before) => after(before, board.getState()));
    take();
    const stop = board.subscribe(take);
    // A look at the board that does not come in time is no event: somebody has to look at the clock.
    const looks = setInterval(take, 5_000);
    return () => {
      clearInterval(looks);
      stop();
      board.close();
    };
  }, [client, date]);
  return state?.board === undefined || state.board.date === date ? state : undefined;
}
