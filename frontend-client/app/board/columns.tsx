import { DndContext, DragOverlay } from "@dnd-kit/core";
import { statusesOf } from "@status-board/contracts";
import { lazy, Suspense, useDeferredValue, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { BoardView, Target } from "../../types.ts";
import { useBoard } from "../shared/board.ts";
import { may } from "../shared/may.ts";
import { useSession } from "../shared/session.ts";
import { statuses } from "../shared/status-words.ts";
import { navigate, useUrlState } from "../shared/url-state.ts";
import { type CardHandlers, CardHandlersContext } from "./board-context.ts";
import { cardKeysId, createFocusKeeper } from "./card-elements.ts";
import { Column } from "./column.tsx";
import { ColumnTabs } from "./column-tabs.tsx";
import styles from "./columns.module.css";
import { DragSurface } from "./drag-surface.tsx";
import { countOf, filterColumns } from "./filter.ts";
import { HeldCard } from "./held-card.tsx";
import { Nothing } from "./nothing.tsx";
import { whyNot } from "./place.ts";
import type { ShownCard } from "./shown-card.ts";
import type { BoardActions } from "./use-board-actions.ts";
import { columnUnderPointer, type Held, useDrag } from "./use-drag.ts";
import { useKeys } from "./use-keys.ts";
import { useOthers } from "./use-others.ts";
import { useShownColumn } from "./use-shown-column.ts";

const loadMenu = () => import("./move-menu.tsx");
const MoveMenu = lazy(async () => ({ default: (await loadMenu()).MoveMenu }));
const KeysDialog = lazy(async () => ({ default: (await import("./keys-dialog.tsx")).KeysDialog }));

interface ColumnsProps {
  view: BoardView;
  /** The minute that has begun, in ms since 1970. */
  minute: number;
  actions: BoardActions;
  onHolding: (isHolding: boolean) => void;
}

/** The five columns: seen side by side, or one at a time, and worked on by mouse, finger, keys or menu. */
export function Columns({ view, minute, actions, onHolding }: ColumnsProps) {
  const { state, today } = useBoard();
  const { shop, role } = useSession().me;
  const { technician, search } = useUrlState();
  // Hundreds of cards that come back at once do not hold up what is typed.
  const sought = useDeferredValue(search);
  const columns = useMemo(
    () => filterColumns(view.columns, { technician, search: sought }),
    [view, technician, sought],
  );
  const marks = useSyncExternalStore(actions.marks.subscribe, actions.marks.getMarks);
  const [announcement, announce] = useState("");
  const { held, letGo, dnd } = useDrag({ columns, role, actions, announce });
  const [focusedId, setFocused] = useState<string>();
  const [menu, setMenu] = useState<{ id: string; anchor: HTMLElement }>();
  const [isKeysShown, setKeysShown] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const { shown, show, onScroll } = useShownColumn(scroller);
  useOthers({ state, actions, held, letGo });
  useEffect(() => onHolding(held !== undefined), [held, onHolding]);

  const canOpen = may.readDetails(role);
  const handlers = useMemo<CardHandlers>(
    () => ({
      open: (id) => navigate({ appointment: id, isNew: false }),
      openMenu: (id, anchor) => setMenu({ id, anchor }),
      focused: setFocused,
      keeper: createFocusKeeper(),
    }),
    [],
  );
  useKeys({
    columns,
    isHolding: held !== undefined,
    focusedId,
    canMove: may.moveCards(role),
    open: canOpen ? handlers.open : undefined,
    openMenu: handlers.openMenu,
    undo: actions.undo,
    create: may.writeCards(role) ? () => navigate({ isNew: true, appointment: undefined }) : undefined,
    showKeys: () => setKeysShown(true),
  });

  const moveWithFocus = (id: string, target: Target) => {
    handlers.keeper.keep(id);
    actions.move(id, target);
  };

  const isEmptyDay = countOf(view.columns) === 0;
  return (
    <CardHandlersContext value={handlers}>
      <ColumnTabs columns={columns} shown={shown} onShow={show} />
      {(isEmptyDay || countOf(columns) === 0) && <Nothing isEmptyDay={isEmptyDay} />}
      <DndContext {...dnd} collisionDetection={columnUnderPointer} accessibility={accessibility}>
        <DragSurface
          ref={scroller}
          className={styles.columns}
          data-holding={held !== undefined || undefined}
          onScroll={onScroll}
          onPointerOver={loadMenu}
          onFocus={loadMenu}
        >
          {statuses.map((status) => (
            <Column
              key={status}
              status={status}
              cards={columns[status]}
              total={view.columns[status].length}
              marks={marks}
              pending={state.pending}
              heldId={held?.card.status === status ? held.card.id : undefined}
              gapIndex={held?.place?.status === status ? held.place.index : undefined}
              gapHeight={held?.place?.status === status ? held.height : 0}
              whyNot={held && !held.open.includes(status) ? whyNot(held.card.status, status, role) : undefined}
              tabbableId={tabbableIn(columns[status], focusedId)}
              canMove={statusesOf(role).includes(status)}
              canOpen={canOpen}
              minute={minute}
              today={today}
              shop={shop}
            />
          ))}
        </DragSurface>
        <DragOverlay dropAnimation={null}>
          {isInHand(held) && <HeldCard card={held.card} minute={minute} />}
        </DragOverlay>
      </DndContext>
      <p id={cardKeysId} hidden>
        Press Space to pick this card up, arrow keys to carry it, Space to drop it, Escape to put it back. Press M for
        where it may go.
      </p>
      <div aria-live="assertive" className="visually-hidden">
        {announcement}
      </div>
      <Suspense>
        {menu && (
          <MoveMenu {...menu} columns={columns} role={role} onMove={moveWithFocus} onClose={() => setMenu(undefined)} />
        )}
        {isKeysShown && <KeysDialog onClose={() => setKeysShown(false)} />}
      </Suspense>
    </CardHandlersContext>
  );
}

/** What a key carries has no pointer to follow: the gap alone shows where it is. */
const isInHand = (held: Held | undefined): held is Held => held !== undefined && !held.byKeyboard;

/** One card of each column is reached by the Tab key: the one that last had the focus, else the first. */
function tabbableIn(cards: readonly ShownCard[], focusedId: string | undefined): string | undefined {
  return cards.some(({ id }) => id === focusedId) ? focusedId : cards[0]?.id;
}

const silent = () => undefined;
/** What happens is read out by the board itself, in its own words. */
const accessibility = {
  announcements: { onDragStart: silent, onDragOver: silent, onDragEnd: silent, onDragCancel: silent },
  screenReaderInstructions: { draggable: "" },
  restoreFocus: false,
};
