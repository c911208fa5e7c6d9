import { useLayoutEffect, useRef } from "react";
import type { StatusBoardState } from "../../types.ts";
import { notify } from "../shared/notice-list.ts";
import type { Mark } from "./marks.ts";
import { movedByOthers } from "./moved-by-others.ts";
import { placeOf } from "./place.ts";
import type { BoardActions } from "./use-board-actions.ts";
import type { Held } from "./use-held.ts";

interface OthersInput {
  state: StatusBoardState;
  actions: BoardActions;
  held: Held | undefined;
  letGo: () => void;
}

/** Shows what others do to the board: outlines what they moved, and takes a card that they moved out of our hands. */
export function useOthers({ state, actions, held, letGo }: OthersInput): void {
  const before = useRef(state);
  useLayoutEffect(() => {
    const moved = movedByOthers(before.current, state);
    before.current = state;
    const marks = [...moved].map(([id, by]): [string, Mark] => [id, { kind: "moved", by }]);
    if (marks.length > 0) actions.marks.mark(new Map(marks));
    const columns = state.board?.columns;
    if (held === undefined || columns === undefined) return;
    const { card } = held;
    const place = placeOf(columns, card.id);
    const current = place && columns[place.status][place.index];
    if (current === undefined) notify({ words: `Somebody took ${card.customer.name} off this board.` });
    else if (moved.has(card.id)) actions.tellConflict(current, card.status);
    else return;
    letGo();
  }, [state, actions, held, letGo]);
}
