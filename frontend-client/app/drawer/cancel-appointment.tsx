import type { Appointment } from "@status-board/contracts";
import { useState } from "react";
import type { ClientError } from "../../result.ts";
import { useAttempts } from "../forms/attempt.ts";
import { Confirm } from "../forms/confirm.tsx";
import { WriteTrouble } from "../forms/write-trouble.tsx";
import { useBoard } from "../shared/board.ts";
import { dayName, timeOf, vehicleName } from "../shared/format.ts";
import { useSession } from "../shared/session.ts";

interface CancelAppointmentProps {
  card: Appointment;
  isOpen: boolean;
  onClose: () => void;
  onCancelled: () => void;
  /** Takes in a newer version of the card. */
  take: (card: Appointment) => void;
  /** Told while the appointment is on its way out. */
  leave: (isLeaving: boolean) => void;
}

/** Asks whether an appointment shall really go, and takes it off the board. */
export function CancelAppointment({ card, isOpen, onClose, onCancelled, take, leave }: CancelAppointmentProps) {
  const { client, me } = useSession();
  const { board } = useBoard();
  const attempts = useAttempts();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ClientError>();
  const { id, version, customer, vehicle, start, date } = card;

  async function cancel(): Promise<void> {
    setBusy(true);
    leave(true);
    const answer = await client.removeAppointment({
      id,
      query: { expectedVersion: version, mutationId: attempts.idFor({ id }) },
    });
    setBusy(false);
    if (answer.ok) {
      attempts.done();
      board.accept({ ...answer.data, removed: true });
      onCancelled();
      return;
    }
    leave(false);
    setError(answer.error);
    if (answer.error.code === "version_conflict" && "rank" in answer.error.current) take(answer.error.current);
  }

  const close = () => {
    setError(undefined);
    onClose();
  };
  const car = vehicleName(vehicle) ?? vehicle.plate;
  return (
    <Confirm
      isOpen={isOpen}
      title={`Cancel the appointment of ${customer.name}?`}
      words={`${car === undefined ? "" : `${car}, `}${dayName(date, me.shop)} at ${timeOf(start, me.shop)}. It disappears from the board on every screen, and can't be brought back.`}
      yes="Cancel appointment"
      no="Keep it"
      onYes={() => void cancel()}
      onNo={close}
      isBusy={isBusy}
    >
      {error && <WriteTrouble error={error} words={staleWords(error)} />}
    </Confirm>
  );
}

function staleWords(error: ClientError): string | undefined {
  if (error.code === "not_found") return "It is cancelled already.";
  if (error.code !== "version_conflict" || !("updatedBy" in error.current)) return undefined;
  return `${error.current.updatedBy.name} changed it just now. Press again to cancel it all the same.`;
}
