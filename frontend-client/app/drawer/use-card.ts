import type { Appointment } from "@status-board/contracts";
import { useCallback, useEffect, useState } from "react";
import type { ClientError } from "../../result.ts";
import { useBoard } from "../shared/board.ts";
import { useSession } from "../shared/session.ts";
import { useRetry } from "../shared/use-retry.ts";

/** The card of a drawer: `gone` once it is cancelled; `error` where it could not be read, and is tried again. */
export interface OpenCard {
  id: string;
  card: Appointment | undefined;
  isGone: boolean;
  error: ClientError | undefined;
  /** Takes in what the server said of the card, so that board and drawer need not wait for it. */
  take: (card: Appointment) => void;
  /** While it is being cancelled here, it is not looked for when it leaves the board. */
  leave: (isLeaving: boolean) => void;
  tryNow: () => void;
}

interface Held {
  card?: Appointment;
  isGone?: boolean;
  error?: ClientError;
}

/**
 * The card of that id as it is now: the board's own while it stands there, so that it changes with the board; else the
 * server's, read once and again when it leaves the board.
 */
export function useCard(id: string): OpenCard {
  const { client } = useSession();
  const { state, board, date } = useBoard();
  const [held, setHeld] = useState<Held>({});
  const [isLeft, setLeft] = useState(false);
  const cards = state.board === undefined ? [] : Object.values(state.board.columns).flat();
  const shown = cards.find((card) => card.id === id);
  const isAway = shown === undefined && !state.loading && !isLeft;
  const { tries, tryNow } = useRetry(isAway && held.error !== undefined);

  // What was last seen stands while it is found out where the card went.
  if (shown !== undefined && held.card !== shown) setHeld({ card: shown });

  useEffect(() => {
    if (!isAway) return;
    const abort = new AbortController();
    void read(abort.signal, tries);
    return () => abort.abort();

    async function read(signal: AbortSignal, _tries: number) {
      const answer = await client.getAppointment({ id, signal });
      if (signal.aborted) return;
      if (answer.ok) setHeld((before) => ({ card: newer(answer.data, before.card) }));
      else if (answer.error.code === "not_found") setHeld((before) => ({ ...before, isGone: true }));
      else setHeld((before) => ({ ...before, error: answer.error }));
    }
  }, [id, isAway, tries, client]);

  const take = useCallback(
    (card: Appointment) => {
      setHeld((before) => ({ card: newer(card, before.card) }));
      if (card.date === date) board.accept(card);
      else if (shown !== undefined) board.accept({ id, version: card.version, removed: true });
    },
    [board, date, id, shown],
  );

  const isGone = isAway && held.isGone === true;
  return { id, card: shown ?? held.card, isGone, error: held.error, take, leave: setLeft, tryNow };
}

const newer = (one: Appointment, other: Appointment | undefined): Appointment =>
  other === undefined || other.version <= one.version ? one : other;
