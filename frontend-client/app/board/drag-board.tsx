import { DndContext, DragOverlay } from "@dnd-kit/core";
import { statusesOf } from "@status-board/contracts";
import { type RefObject, useEffect, useState, useSyncExternalStore } from "react";
import { useBoard } from "../shared/board.ts";
import { may } from "../shared/may.ts";
import { useSession } from "../shared/session.ts";
import { statuses } from "../shared/status-words.ts";
import { cardKeysId, isMoveButton } from "./card-elements.ts";
import { Column } from "./column.tsx";
import styles from "./columns.module.css";
import { DragSurface } from "./drag-surface.tsx";
import { countOf } from "./filter.ts";
import { HeldCard } from "./held-card.tsx";
import { whyNot } from "./place.ts";
import type { ShownCard, ShownColumns } from "./shown-card.ts";
import type { BoardActions } from "./use-board-actions.ts";
import { useCarryKeys } from "./use-carry-keys.ts";
import { columnUnderPointer, useDrag } from "./use-drag.ts";
import { type Held, useHeld } from "./use-held.ts";
import { useOthers } from "./use-others.ts";

interface DragBoardProps {
  /** What the filter lets through, and all there is. */
  columns: ShownColumns;
  all: ShownColumns;
  /** The minute that has begun, in ms since 1970. */
  minute: number;
  actions: BoardActions;
  /** The card that has, or last had, the focus. */
  focusedId: string | undefined;
  scroller: RefObject<HTMLDivElement | null>;
  onScroll: () => void;
  onHolding: (isHolding: boolean) => void;
  /** Somebody is about to press a Move button. */
  onNearMove: () => void;
}

/** The five columns, and the dragging of cards within and between them. */
export function DragBoard(props: DragBoardProps) {
  const { columns, all, minute, actions, focusedId, scroller, onScroll, onHolding, onNearMove } = props;
  const { state, today } = useBoard();
  const { shop, role } = useSession().me;
  const marks = useSyncExternalStore(actions.marks.subscribe, actions.marks.getMarks);
  const [announcement, announce] = useState("");
  const hands = useHeld({ columns, role, actions, announce });
  const { held } = hands;
  const { letGo, dnd } = useDrag(hands);
  useCarryKeys(hands, announce);
  useOthers({ state, actions, held, letGo });
  useEffect(() => onHolding(held !== undefined), [held, onHolding]);
  const foresee = ({ target }: { target: EventTarget }) => isMoveButton(target) && onNearMove();

  return (
    <DndContext {...dnd} collisionDetection={columnUnderPointer} accessibility={accessibility}>
      <DragSurface
        ref={scroller}
        className={styles.columns}
        data-holding={held !== undefined || undefined}
        onScroll={onScroll}
        onPointerOver={foresee}
        onFocus={foresee}
        {...(countOf(columns) === 0 && scrolledItself)}
      >
        {statuses.map((status) => (
          <Column
            key={status}
            status={status}
            cards={columns[status]}
            total={all[status].length}
            marks={among(columns[status], marks)}
            pending={among(columns[status], state.pending)}
            heldId={held?.card.status === status ? held.card.id : undefined}
            gapIndex={held?.place?.status === status ? held.place.index : undefined}
            gapHeight={held?.place?.status === status ? held.height : 0}
            whyNot={held && !held.open.includes(status) ? whyNot(held.card.status, status, role) : undefined}
            tabbableId={tabbableIn(columns[status], focusedId)}
            canMove={statusesOf(role).includes(status)}
            canOpen={may.readDetails(role)}
            minute={minute}
            today={today}
            shop={shop}
          />
        ))}
      </DragSurface>
      <DragOverlay dropAnimation={null}>{isInHand(held) && <HeldCard card={held.card} minute={minute} />}</DragOverlay>
      <p id={cardKeysId} hidden>
        Press Space to pick this card up, arrow keys to carry it, Space to drop it, Escape to put it back. Press M for
        where it may go.
      </p>
      <div aria-live="assertive" className="visually-hidden">
        {announcement}
      </div>
    </DndContext>
  );
}

/** Without a card in it there is nothing that keys could reach, and it may still have to be scrolled. */
const scrolledItself = { role: "group", "aria-label": "Columns", tabIndex: 0 };

const none: ReadonlyMap<string, never> = new Map<string, never>();

/** What is said of cards, for a column that has some of them: the others need not be drawn again when it changes. */
function among<What>(cards: readonly ShownCard[], said: ReadonlyMap<string, What>): ReadonlyMap<string, What> {
  return said.size > 0 && cards.some(({ id }) => said.has(id)) ? said : none;
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
