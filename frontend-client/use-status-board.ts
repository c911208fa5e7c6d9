import type { Appointment, Status } from "@status-board/contracts";
import { useMemo, useSyncExternalStore } from "react";
import type { ReplicaCard } from "./replica-input.ts";
import { type BoardWithStats, type StateWithStats, withStats } from "./stats.ts";
import { createStatusBoard } from "./status-board.ts";
import { targetAt } from "./target-at.ts";
import type { MoveOutcome, StatusBoard, StatusBoardOptions, Target } from "./types.ts";

/** What a component shows of a board, and what it can do with it. */
export interface UsedStatusBoard<Card extends ReplicaCard = Appointment>
  extends StateWithStats<Card>,
    Pick<StatusBoard<Card>, "undo" | "refresh" | "accept"> {
  /** `position` counts from 0 in the column as it is shown, without the moved card; none is the end. */
  moveAppointment(id: string, newStatus: Status, position?: number): Promise<MoveOutcome<Card>>;
  /** The same by a card that stands beside the place, for who shows only some of the cards. */
  moveAppointmentTo(id: string, target: Target): Promise<MoveOutcome<Card>>;
}

/**
 * A board that is open while somebody listens: from the first listener on, until shortly after the last one has gone.
 * So nothing is opened by rendering alone, on a server neither, and a component that is mounted twice opens it once.
 */
export function whileWatched<Card extends ReplicaCard = Appointment>(
  options: StatusBoardOptions,
): BoardWithStats<Card> {
  const closed: StateWithStats<Card> = {
    board: undefined,
    stats: undefined,
    loading: true,
    error: undefined,
    connection: { kind: "reconnecting", since: Date.now() },
    pending: new Map(),
    undoable: undefined,
    release: undefined,
  };
  let board: BoardWithStats<Card> | undefined;
  const watching = new Set<() => void>();
  const isNotOpen = { code: "aborted" as const, message: "The board is not open.", correlationId: "" };
  const refused = async (): Promise<MoveOutcome<Card>> => ({ kind: "refused", error: isNotOpen });
  const close = () => {
    if (watching.size > 0) return;
    board?.close();
    board = undefined;
  };
  return {
    getState: () => board?.getState() ?? closed,
    subscribe: (listener) => {
      board ??= withStats(createStatusBoard<Card>(options));
      const stop = board.subscribe(listener);
      watching.add(stop);
      return () => {
        stop();
        if (watching.delete(stop)) setTimeout(close);
      };
    },
    moveAppointment: (id, target) => board?.moveAppointment(id, target) ?? refused(),
    undo: () => board?.undo() ?? refused(),
    accept: (written) => board?.accept(written),
    refresh: () => board?.refresh(),
    close: () => {
      watching.clear();
      close();
    },
  };
}

/** What a board shows, for a component that is given one; drawn again when something of it changes. */
export function useStatusBoardOf<State>(board: {
  getState(): State;
  subscribe(listener: () => void): () => void;
}): State {
  return useSyncExternalStore(board.subscribe, board.getState, board.getState);
}

/**
 * The board of a day, kept true while the component is there. Another date, address or client is another board, which
 * begins by loading. Cards, columns and functions that did not change are the same objects, so that memo saves drawing.
 */
export function useStatusBoard<Card extends ReplicaCard = Appointment>(
  options: Pick<StatusBoardOptions, "baseUrl" | "date" | "enablePolling" | "pollingInterval" | "client">,
): UsedStatusBoard<Card> {
  const { baseUrl, date, enablePolling, pollingInterval, client } = options;
  const board = useMemo(
    () => whileWatched<Card>({ baseUrl, date, enablePolling, pollingInterval, client }),
    [baseUrl, date, enablePolling, pollingInterval, client],
  );
  const state = useStatusBoardOf(board);
  const actions = useMemo(() => actionsOf(board), [board]);
  return { ...state, ...actions };
}

function actionsOf<Card extends ReplicaCard>(board: StatusBoard<Card>) {
  const { moveAppointment: moveAppointmentTo, undo, refresh, accept } = board;
  const moveAppointment: UsedStatusBoard<Card>["moveAppointment"] = (id, newStatus, position) =>
    moveAppointmentTo(id, targetAt(board.getState().board, id, newStatus, position));
  return { moveAppointment, moveAppointmentTo, undo, refresh, accept };
}
