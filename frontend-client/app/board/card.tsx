import { type MouseEvent, memo, useCallback, useLayoutEffect, useRef } from "react";
import type { DueWords, ShopFormats } from "../shared/format.ts";
import { Icon } from "../shared/icon.tsx";
import { useCardHandlers } from "./board-context.ts";
import styles from "./card.module.css";
import { cardElementId, cardKeysId } from "./card-elements.ts";
import { CardFace } from "./card-face.tsx";
import type { Mark } from "./marks.ts";
import { isNarrow } from "./narrow.ts";
import { cardName, type ShownCard } from "./shown-card.ts";

export interface CardProps {
  card: ShownCard;
  due: DueWords["kind"] | undefined;
  dueWords: string | undefined;
  today: string;
  shop: ShopFormats;
  mark: Mark | undefined;
  isPending: boolean;
  isHeld: boolean;
  /** One card of each column is reached by the Tab key; the arrow keys reach the others. */
  isTabbable: boolean;
  canMove: boolean;
  canOpen: boolean;
}

/** A card on the board: it can be opened, dragged, and moved by a menu. */
export const Card = memo(function Card(props: CardProps) {
  const { card, due, dueWords, today, shop, mark, isPending, isHeld, isTabbable, canMove, canOpen } = props;
  const { id } = card;
  const { open, openMenu, focused, keeper } = useCardHandlers();
  const element = useRef<HTMLElement>(null);
  const openThis = useCallback(() => open(id), [open, id]);

  // Another column is another element: the focus comes along.
  useLayoutEffect(() => {
    if (!keeper.isKept(id)) return;
    element.current?.focus({ preventScroll: true });
    if (!isNarrow()) element.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [keeper, id]);

  const openFrom = ({ target }: MouseEvent) => {
    if (canOpen && target instanceof Element && target.closest("button") === null) openThis();
  };
  const tabIndex = isTabbable ? 0 : -1;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter opens the focused card, see use-keys.ts; a click is a short cut
    <article
      ref={element}
      id={cardElementId(id)}
      data-card={id}
      data-movable={canMove || undefined}
      data-held={isHeld || undefined}
      data-mark={mark?.kind}
      aria-label={cardName(card)}
      aria-describedby={canMove ? cardKeysId : undefined}
      data-pending={isPending || undefined}
      tabIndex={tabIndex}
      className={styles.card}
      onClick={openFrom}
      onFocus={() => {
        keeper.keep(id);
        focused(id);
      }}
      onBlur={({ currentTarget }) => keeper.release(id, currentTarget)}
    >
      <CardFace
        card={card}
        due={due}
        dueWords={dueWords}
        today={today}
        shop={shop}
        onOpen={canOpen ? openThis : undefined}
      />
      {canMove && (
        <button
          type="button"
          data-move
          aria-label={`Move ${card.customer.name}`}
          aria-haspopup="menu"
          tabIndex={tabIndex}
          className={styles.move}
          onClick={(event) => openMenu(id, event.currentTarget)}
        >
          <Icon name="move" size={18} />
          <span aria-hidden="true">Move</span>
        </button>
      )}
      {isPending && <span className={styles.pending} />}
      {mark?.kind === "moved" && mark.by !== undefined && <span className={styles.by}>{mark.by}</span>}
    </article>
  );
});
