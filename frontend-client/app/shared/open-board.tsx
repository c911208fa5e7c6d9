import { type ReactNode, useMemo, useSyncExternalStore } from "react";
import { whileWatched } from "../../use-status-board.ts";
import { BoardContext } from "./board.ts";
import { useSession } from "./session.ts";
import { useToday } from "./today.ts";
import { useUrlState } from "./url-state.ts";

/** Keeps the board of the day that the address names open, today's where it names none, while the view is shown. */
export function OpenBoard({ children }: { children: ReactNode }) {
  const { client, me } = useSession();
  const today = useToday(me.shop.timeZone);
  const { date = today } = useUrlState();
  const board = useMemo(() => whileWatched({ date, client }), [date, client]);
  const state = useSyncExternalStore(board.subscribe, board.getState);
  const open = useMemo(() => ({ date, today, state, board }), [date, today, state, board]);
  return <BoardContext value={open}>{children}</BoardContext>;
}
