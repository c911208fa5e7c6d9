import { useRef } from "react";
import { Button, IconButton } from "../shared/button.tsx";
import { addDays, isDay } from "../shared/days.ts";
import { type ShopFormats, shortDayName } from "../shared/format.ts";
import { Icon } from "../shared/icon.tsx";
import { navigate } from "../shared/url-state.ts";
import styles from "./day-nav.module.css";

interface DayNavProps {
  /** Both YYYY-MM-DD. */
  date: string;
  today: string;
  shop: ShopFormats;
}

/** The day before, the day, which opens a calendar, the day after, and the way back to today. */
export function DayNav({ date, today, shop }: DayNavProps) {
  const picker = useRef<HTMLInputElement>(null);
  // Today is not named in the address, so that the board follows midnight.
  const goTo = (day: string) => navigate({ date: day === today ? undefined : day });
  const pick = () => {
    try {
      picker.current?.showPicker();
    } catch {
      picker.current?.focus();
    }
  };
  return (
    <nav aria-label="Day" className={styles.days}>
      <IconButton icon="left" label="Previous day" onClick={() => goTo(addDays(date, -1))} />
      <span className={styles.day}>
        <Button kind="quiet" aria-label={`${shortDayName(date, shop, today)}. Choose a day`} onClick={pick}>
          <Icon name="calendar" />
          {shortDayName(date, shop, today)}
        </Button>
        <input
          ref={picker}
          type="date"
          tabIndex={-1}
          aria-label="Day of the board"
          className={styles.picker}
          value={date}
          onChange={({ target }) => isDay(target.value) && goTo(target.value)}
        />
      </span>
      <IconButton icon="right" label="Next day" onClick={() => goTo(addDays(date, 1))} />
      {date !== today && <Button onClick={() => goTo(today)}>Today</Button>}
    </nav>
  );
}
