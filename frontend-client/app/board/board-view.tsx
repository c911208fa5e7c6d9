import type { Appointment } from "@status-board/contracts";
import { useCallback, useEffect, useState } from "react";
import { useBoard } from "../shared/board.ts";
import { Button } from "../shared/button.tsx";
import { ConditionWarnings } from "../shared/condition-warnings.tsx";
import { dayName, shortDayName } from "../shared/format.ts";
import { lazyPart } from "../shared/lazy-part.tsx";
import { may } from "../shared/may.ts";
import { useMinute } from "../shared/minute.ts";
import { notify } from "../shared/notice-list.ts";
import { useSession } from "../shared/session.ts";
import { Trouble } from "../shared/trouble.tsx";
import { navigate, useUrlState } from "../shared/url-state.ts";
import { Bar } from "./bar.tsx";
import styles from "./board-view.module.css";
import { Columns } from "./columns.tsx";
import { useBoardActions } from "./use-board-actions.ts";
import { useQuietReload, useReloadReason } from "./use-quiet-reload.ts";

const { Part: AppointmentDrawer } = lazyPart(
  async () => (await import("../drawer/appointment-drawer.tsx")).AppointmentDrawer,
);
const { Part: KeysDialog } = lazyPart(async () => (await import("./keys-dialog.tsx")).KeysDialog);
const { Part: NewAppointmentForm } = lazyPart(
  async () => (await import("../drawer/new-appointment.tsx")).NewAppointmentForm,
);

/** A day of the workshop: the bar, the columns, and what is opened above them. */
export function BoardView() {
  const { date, today, state, board } = useBoard();
  const { me } = useSession();
  const { appointment, isNew } = useUrlState();
  const { shop, role } = me;
  const minute = useMinute();
  const actions = useBoardActions(board);
  const [isHolding, setHolding] = useState(false);
  const [isKeysShown, setKeysShown] = useState(false);
  const showKeys = useCallback(() => setKeysShown(true), []);
  const isTooOld = state.connection.kind === "ended" && state.connection.reason === "protocol_too_old";
  const isBusy = isHolding || isNew || appointment !== undefined || state.pending.size > 0;
  useQuietReload(useReloadReason(state.release, isTooOld), isBusy);

  useEffect(() => {
    document.title = `${shortDayName(date, shop, today)} · ${shop.name}`;
  }, [date, today, shop]);

  const showCreated = (card: Appointment) => {
    if (card.date === date) return actions.show(card.id);
    const act = () => navigate({ date: card.date, appointment: undefined });
    notify({ words: `Added to ${dayName(card.date, shop)}.`, actions: [{ label: "Show day", act }] });
  };

  return (
    <div className={styles.page}>
      <Bar minute={minute} onShowKeys={showKeys} />
      <ConditionWarnings />
      <main className={styles.main}>
        <h1 className="visually-hidden">
          {shop.name}, {dayName(date, shop)}
        </h1>
        {state.board ? (
          <Columns
            view={state.board}
            minute={minute}
            actions={actions}
            isHolding={isHolding}
            onHolding={setHolding}
            onShowKeys={showKeys}
          />
        ) : (
          <NoBoard />
        )}
      </main>
      {appointment !== undefined && may.readDetails(role) && (
        <AppointmentDrawer id={appointment} onClose={() => navigate({ appointment: undefined })} />
      )}
      {isKeysShown && <KeysDialog onClose={() => setKeysShown(false)} />}
      {isNew && may.writeCards(role) && (
        <NewAppointmentForm date={date} onClose={() => navigate({ isNew: false })} onCreated={showCreated} />
      )}
    </div>
  );
}

/** Until the first look at the board, or where it failed. */
function NoBoard() {
  const { date, state, board } = useBoard();
  const { shop } = useSession().me;
  if (state.error === undefined) return <p className={styles.loading}>Loading {dayName(date, shop)}</p>;
  return (
    <Trouble error={state.error}>
      <Button kind="primary" onClick={board.refresh}>
        Try now
      </Button>
    </Trouble>
  );
}
