import { useBoard } from "../shared/board.ts";
import { Button } from "../shared/button.tsx";
import { addDays } from "../shared/days.ts";
import { shortDayName, weekdayOf } from "../shared/format.ts";
import { may } from "../shared/may.ts";
import { useSession } from "../shared/session.ts";
import { navigate, useUrlState } from "../shared/url-state.ts";
import styles from "./columns.module.css";

/** Says why there is no card to be seen, and what to do about it. */
export function Nothing({ isEmptyDay }: { isEmptyDay: boolean }) {
  return <div className={styles.nothing}>{isEmptyDay ? <EmptyDay /> : <NoMatch />}</div>;
}

function EmptyDay() {
  const { date, today } = useBoard();
  const { shop, role } = useSession().me;
  // Farther away, a weekday alone would not say which.
  const isNear = date >= today && date < addDays(today, 7);
  return (
    <>
      <p>No cars yet for {isNear ? weekdayOf(date) : shortDayName(date, shop, today)}.</p>
      {may.writeCards(role) && (
        <Button kind="primary" onClick={() => navigate({ isNew: true })}>
          Add the first appointment
        </Button>
      )}
    </>
  );
}

function NoMatch() {
  const { search, technician } = useUrlState();
  return (
    <>
      <p>{search === undefined ? "Nothing here for this technician." : `Nothing matches '${search}'.`}</p>
      {search !== undefined && <Button onClick={() => navigate({ search: undefined })}>Clear search</Button>}
      {technician !== undefined && <Button onClick={() => navigate({ technician: undefined })}>Show everybody</Button>}
    </>
  );
}
