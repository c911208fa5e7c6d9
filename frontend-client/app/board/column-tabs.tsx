import type { Status } from "@status-board/contracts";
import type { KeyboardEvent } from "react";
import { columnTitles, statuses } from "../shared/status-words.ts";
import styles from "./column-tabs.module.css";
import type { ShownColumns } from "./shown-card.ts";

interface ColumnTabsProps {
  columns: ShownColumns;
  shown: Status;
  onShow: (status: Status) => void;
}

/** Where one column is seen at a time: which one, and how many cars are in each. */
export function ColumnTabs({ columns, shown, onShow }: ColumnTabsProps) {
  const walk = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = statuses[statuses.indexOf(shown) + step];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    onShow(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div role="tablist" aria-label="Columns" className={styles.tabs} onKeyDown={walk}>
      {statuses.map((status) => (
        <button
          key={status}
          id={`tab-${status}`}
          type="button"
          role="tab"
          aria-selected={status === shown}
          aria-controls={`column-${status}`}
          tabIndex={status === shown ? 0 : -1}
          data-status={status}
          className={styles.tab}
          onClick={() => onShow(status)}
        >
          <span className={styles.count}>{columns[status].length}</span>
          {columnTitles[status]}
        </button>
      ))}
    </div>
  );
}
