import { figuresOf } from "@status-board/contracts";
import { useMemo } from "react";
import { money, type ShopFormats } from "../shared/format.ts";
import { statuses } from "../shared/status-words.ts";
import styles from "./figures.module.css";
import type { ShownColumns } from "./shown-card.ts";

interface FiguresProps {
  date: string;
  /** All of the day's, whatever is filtered out. */
  columns: ShownColumns;
  /** The minute that has begun, in ms since 1970. */
  minute: number;
  shop: ShopFormats;
  /** A viewer's cards have no money on them (AU6). */
  hasMoney: boolean;
}

/** The day in five quiet figures (ST1), as true as the cards below them. */
export function Figures({ date, columns, minute, shop, hasMoney }: FiguresProps) {
  const stats = useMemo(
    () =>
      figuresOf(
        date,
        statuses.flatMap((status) => columns[status]),
        new Date(minute).toISOString(),
      ),
    [date, columns, minute],
  );
  return (
    <dl className={styles.figures} aria-label="The day in figures">
      <Figure title="Jobs" value={stats.jobsToday} />
      <Figure title="On site" value={stats.onPrem} />
      <Figure title="Late" value={stats.late} isLate={stats.late > 0} />
      {hasMoney && <Figure title="Revenue" value={money(stats.revenueCents, shop)} />}
      {hasMoney && <Figure title="Unpaid" value={money(stats.unpaidCents, shop)} />}
    </dl>
  );
}

function Figure({ title, value, isLate = false }: { title: string; value: string | number; isLate?: boolean }) {
  return (
    <div className={isLate ? styles.late : undefined}>
      <dt>{title}</dt>
      <dd>{value}</dd>
    </div>
  );
}
