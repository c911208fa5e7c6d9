import type { Status } from "@status-board/contracts";
import { Fragment, memo } from "react";
import type { PendingMove } from "../../types.ts";
import { dueWords, type ShopFormats, workInWords } from "../shared/format.ts";
import { Icon } from "../shared/icon.tsx";
import { columnTitles } from "../shared/status-words.ts";
import { Card } from "./card.tsx";
import { listElementId } from "./card-elements.ts";
import styles from "./column.module.css";
import { DropSurface } from "./drag-surface.tsx";
import type { Mark } from "./marks.ts";
import { type ShownCard, workMinutes } from "./shown-card.ts";

export interface ColumnProps {
  status: Status;
  cards: readonly ShownCard[];
  /** How many there are without the filter. */
  total: number;
  marks: ReadonlyMap<string, Mark>;
  pending: ReadonlyMap<string, PendingMove>;
  /** The card of this column that is held. */
  heldId: string | undefined;
  /** Where the held card would land, counted without it; undefined where it would not land here. */
  gapIndex: number | undefined;
  /** In px: as high as the held card. */
  gapHeight: number;
  /** Why the held card may not come here. */
  whyNot: string | undefined;
  /** The card that the Tab key reaches. */
  tabbableId: string | undefined;
  canMove: boolean;
  canOpen: boolean;
  /** The minute that has begun, in ms since 1970. */
  minute: number;
  today: string;
  shop: ShopFormats;
}

/** One column of the board: it scrolls by itself under a header that stays. */
export const Column = memo(function Column(props: ColumnProps) {
  const { status, cards, total, whyNot, gapIndex, heldId } = props;
  const title = columnTitles[status];
  const titleId = `title-${status}`;
  const work = workMinutes(cards);
  // Where the held card stands anyway, it shows itself.
  const isOwnPlace = gapIndex !== undefined && cards[gapIndex]?.id === heldId;
  return (
    <section
      id={`column-${status}`}
      aria-labelledby={titleId}
      className={styles.column}
      data-status={status}
      data-blocked={whyNot === undefined ? undefined : true}
      data-target={gapIndex === undefined ? undefined : true}
    >
      <header className={styles.header}>
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
        <span className={styles.count}>
          {cards.length === total ? total : `${cards.length} of ${total}`}
          <span className="visually-hidden"> {total === 1 ? "car" : "cars"}</span>
        </span>
        {work > 0 && (
          <span className={styles.work}>
            {workInWords(work)}
            <span className={styles.ofWork}> of work</span>
          </span>
        )}
      </header>
      {whyNot !== undefined && (
        <p className={styles.whyNot}>
          <Icon name="alert" size={16} />
          {whyNot}
        </p>
      )}
      <DropSurface status={status} id={listElementId(status)} className={styles.list}>
        <Cards {...props} gapIndex={isOwnPlace ? undefined : gapIndex} />
      </DropSurface>
    </section>
  );
});

function Cards(props: ColumnProps) {
  const { cards, marks, pending, heldId, gapIndex, gapHeight, minute, tabbableId, canMove, canOpen, today, shop } =
    props;
  const gap = <div key="gap" data-gap className={styles.gap} style={{ height: gapHeight }} />;
  let index = 0;
  const rows = cards.map((card) => {
    const { id } = card;
    const isHeld = id === heldId;
    const due = dueWords(card, minute);
    const hasGap = !isHeld && index === gapIndex;
    if (!isHeld) index++;
    return (
      <Fragment key={id}>
        {hasGap && gap}
        <Card
          card={card}
          due={due?.kind}
          dueWords={due?.words}
          today={today}
          shop={shop}
          mark={marks.get(id)}
          isPending={pending.has(id)}
          isHeld={isHeld}
          isTabbable={id === tabbableId}
          canMove={canMove}
          canOpen={canOpen}
        />
      </Fragment>
    );
  });
  return (
    <>
      {rows}
      {gapIndex !== undefined && gapIndex >= index && gap}
    </>
  );
}
