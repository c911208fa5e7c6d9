import { useState } from "react";
import { findCard } from "../board/card-elements.ts";
import { Sheet, SheetBody } from "../forms/sheet.tsx";
import { useBoard } from "../shared/board.ts";
import { Button } from "../shared/button.tsx";
import { timeOf, vehicleName } from "../shared/format.ts";
import { notify } from "../shared/notice-list.ts";
import { useSession } from "../shared/session.ts";
import { Trouble } from "../shared/trouble.tsx";
import styles from "./appointment-drawer.module.css";
import { CancelAppointment } from "./cancel-appointment.tsx";
import { CardActions } from "./card-actions.tsx";
import { CardDetails } from "./card-details.tsx";
import { CardHistory } from "./card-history.tsx";
import { drafts } from "./drafts.ts";
import { EditCard } from "./edit-card.tsx";
import { type OpenCard, useCard } from "./use-card.ts";

interface AppointmentDrawerProps {
  id: string;
  /** Called once it is closed. */
  onClose: () => void;
}

/** All of one card, as it is while others work on it, and what can be done with it. */
export function AppointmentDrawer(props: AppointmentDrawerProps) {
  // Another card is another drawer: nothing of what was open or typed goes over to it.
  return <CardSheet key={props.id} {...props} />;
}

function CardSheet({ id, onClose }: AppointmentDrawerProps) {
  const open = useCard(id);
  const { card } = open;
  const [isDirty, setDirty] = useState(false);
  const car = card && [vehicleName(card.vehicle), card.vehicle.plate].filter(Boolean).join(" · ");
  return (
    <Sheet
      title={card?.customer.name ?? "Appointment"}
      subtitle={car}
      isDirty={isDirty && !open.isGone}
      onClose={() => {
        drafts.edits.delete(id);
        onClose();
      }}
      finalFocus={() => findCard(id)}
    >
      {(close) => <OpenDrawer open={open} onDirty={setDirty} close={close} />}
    </Sheet>
  );
}

interface OpenDrawerProps {
  open: OpenCard;
  onDirty: (isDirty: boolean) => void;
  close: () => void;
}

function OpenDrawer({ open, onDirty, close }: OpenDrawerProps) {
  const { card, isGone, error, take, leave, tryNow } = open;
  const [isEditing, setEditing] = useState(() => drafts.edits.has(open.id));
  const [isCancelling, setCancelling] = useState(false);
  const [said, setSaid] = useState<string>();

  if (isGone)
    return (
      <SheetBody>
        <Trouble
          words={card ? "This appointment was cancelled." : "There is no such appointment. It may have been cancelled."}
        >
          <Button kind="primary" onClick={close}>
            Close
          </Button>
        </Trouble>
        {card && <CardHistory id={card.id} version={card.version + 1} />}
      </SheetBody>
    );
  if (card === undefined)
    return (
      <SheetBody>
        {error === undefined ? (
          <p role="status">Fetching the appointment.</p>
        ) : (
          <Trouble error={error}>
            <Button kind="primary" onClick={tryNow}>
              Try now
            </Button>
          </Trouble>
        )}
      </SheetBody>
    );

  const leaveEditing = (words?: string) => {
    setEditing(false);
    drafts.edits.delete(open.id);
    onDirty(false);
    setSaid(words);
  };
  if (isEditing) return <EditCard card={card} take={take} onDirty={onDirty} onDone={leaveEditing} />;
  return (
    <>
      <SheetBody>
        <Doubt />
        <CardDetails card={card} />
        <CardHistory id={card.id} version={card.version} />
      </SheetBody>
      <CardActions card={card} said={said} onEdit={() => setEditing(true)} onCancel={() => setCancelling(true)} />
      <CancelAppointment
        card={card}
        take={take}
        leave={leave}
        isOpen={isCancelling}
        onClose={() => setCancelling(false)}
        onCancelled={() => {
          close();
          notify({ words: `The appointment of ${card.customer.name} is cancelled.`, tone: "good" });
        }}
      />
    </>
  );
}

/** Says that what is shown may be old, where the board is not sure of itself (CL5). */
function Doubt() {
  const { me } = useSession();
  const { connection } = useBoard().state;
  if (connection.kind !== "reconnecting" && connection.kind !== "stale") return null;
  return (
    <p role="status" className={styles.doubt}>
      Can't reach the board. You see {timeOf(connection.since, me.shop)}.
    </p>
  );
}
