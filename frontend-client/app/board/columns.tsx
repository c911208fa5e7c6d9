import { useDeferredValue, useMemo, useRef, useState } from "react";
import type { BoardView, Target } from "../../types.ts";
import { lazyPart } from "../shared/lazy-part.tsx";
import { may } from "../shared/may.ts";
import { useSession } from "../shared/session.ts";
import { navigate, useUrlState } from "../shared/url-state.ts";
import { type CardHandlers, CardHandlersContext } from "./board-context.ts";
import { createFocusKeeper } from "./card-elements.ts";
import { ColumnTabs } from "./column-tabs.tsx";
import { DragBoard } from "./drag-board.tsx";
import { countOf, filterColumns } from "./filter.ts";
import { Nothing } from "./nothing.tsx";
import type { BoardActions } from "./use-board-actions.ts";
import { useKeys } from "./use-keys.ts";
import { useShownColumn } from "./use-shown-column.ts";

const { Part: MoveMenu, preload: preloadMenu } = lazyPart(async () => (await import("./move-menu.tsx")).MoveMenu);

interface ColumnsProps {
  view: BoardView;
  /** The minute that has begun, in ms since 1970. */
  minute: number;
  actions: BoardActions;
  isHolding: boolean;
  onHolding: (isHolding: boolean) => void;
  /** Shows what the keys do. */
  onShowKeys: () => void;
}

/** The five columns: seen side by side, or one at a time, and worked on by mouse, finger, keys or menu. */
export function Columns({ view, minute, actions, isHolding, onHolding, onShowKeys }: ColumnsProps) {
  const { role } = useSession().me;
  const { technician, search } = useUrlState();
  // Hundreds of cards that come back at once do not hold up what is typed.
  const sought = useDeferredValue(search);
  const columns = useMemo(
    () => filterColumns(view.columns, { technician, search: sought }),
    [view, technician, sought],
  );
  const [focusedId, setFocused] = useState<string>();
  const [menu, setMenu] = useState<{ id: string; anchor: HTMLElement }>();
  const scroller = useRef<HTMLDivElement>(null);
  const { shown, show, onScroll } = useShownColumn(scroller);

  const handlers = useMemo<CardHandlers>(
    () => ({
      open: (id) => navigate({ appointment: id, isNew: false }),
      openMenu: (id, anchor) => setMenu({ id, anchor }),
      focused: setFocused,
      keeper: createFocusKeeper(),
    }),
    [],
  );
  const moveFromMenu = (id: string, target: Target) => {
    handlers.keeper.keep(id);
    actions.move(id, target);
  };
  useKeys({
    columns,
    isHolding,
    focusedId,
    canMove: may.moveCards(role),
    open: may.readDetails(role) ? handlers.open : undefined,
    openMenu: handlers.openMenu,
    undo: actions.undo,
    create: may.writeCards(role) ? () => navigate({ isNew: true, appointment: undefined }) : undefined,
    showKeys: onShowKeys,
  });

  const isEmptyDay = countOf(view.columns) === 0;
  return (
    <CardHandlersContext value={handlers}>
      <ColumnTabs columns={columns} shown={shown} onShow={show} />
      {(isEmptyDay || countOf(columns) === 0) && <Nothing isEmptyDay={isEmptyDay} />}
      <DragBoard
        columns={columns}
        all={view.columns}
        minute={minute}
        actions={actions}
        focusedId={focusedId}
        scroller={scroller}
        onScroll={onScroll}
        onHolding={onHolding}
        onNearMove={preloadMenu}
      />
      {menu && (
        <MoveMenu {...menu} columns={columns} role={role} onMove={moveFromMenu} onClose={() => setMenu(undefined)} />
      )}
    </CardHandlersContext>
  );
}
