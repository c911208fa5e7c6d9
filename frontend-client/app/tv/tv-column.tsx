import type { Status } from "@status-board/contracts";
import { type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import { columnTitles } from "../shared/status-words.ts";
import { type Fit, fitCards, pageAt, pageStandsMs } from "./paging.ts";
import type { PublicCard } from "./public-card.ts";
import styles from "./tv.module.css";

/** Sizes in em of the screen's unit, see `.screen` in the sheet. */
const gap = 0.7;

const isSameFit = (one: Fit, other: Fit) =>
  one.columns === other.columns && one.rows === other.rows && one.rowHeight === other.rowHeight;

interface ColumnProps {
  status: Status;
  cards: readonly PublicCard[];
  /** How often pages have turned. */
  turn: number;
  /** The size of a card, in em. */
  cardMinWidth: number;
  cardHeight: number;
  children: (card: PublicCard) => ReactNode;
}

/** A column that shows as many cards as fit, and the others in turn. */
export function TvColumn({ status, cards, turn, cardMinWidth, cardHeight, children }: ColumnProps) {
  const titleId = useId();
  const list = useRef<HTMLUListElement>(null);
  const [fit, setFit] = useState<Fit>({ columns: 1, rows: 1, rowHeight: cardHeight });
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    function measure(of: HTMLElement): void {
      const em = Number.parseFloat(getComputedStyle(of).fontSize);
      const room = { width: of.clientWidth / em, height: of.clientHeight / em, cardMinWidth, cardHeight, gap };
      const next = fitCards(room);
      setFit((known) => (isSameFit(known, next) ? known : next));
    }
    const observer = new ResizeObserver(() => measure(element));
    observer.observe(element);
    return () => observer.disconnect();
  }, [cardMinWidth, cardHeight]);

  const page = pageAt(cards, fit.columns * fit.rows, turn);
  return (
    <section className={`${styles.column} ${styles[status]}`} aria-labelledby={titleId}>
      <header className={styles.columnHead}>
        <h2 id={titleId}>{columnTitles[status]}</h2>
        <span className={styles.count}>{cards.length}</span>
        {page.count > 1 && (
          <span className={styles.pages} role="img" aria-label={`Page ${page.number} of ${page.count}`}>
            {page.number} / {page.count}
          </span>
        )}
      </header>
      <div className={styles.progress} aria-hidden="true">
        {page.count > 1 && <div key={turn} style={{ animationDuration: `${pageStandsMs}ms` }} />}
      </div>
      <ul
        ref={list}
        className={styles.list}
        style={{
          gap: `${gap}em`,
          gridTemplateColumns: `repeat(${fit.columns}, minmax(0, 1fr))`,
          gridAutoRows: `${fit.rowHeight}em`,
        }}
      >
        {page.items.map((card) => (
          <li key={card.id}>{children(card)}</li>
        ))}
      </ul>
    </section>
  );
}
