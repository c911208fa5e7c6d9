import { useBoard } from "../shared/board.ts";
import { dueWords } from "../shared/format.ts";
import { useSession } from "../shared/session.ts";
import styles from "./card.module.css";
import { CardFace } from "./card-face.tsx";
import type { ShownCard } from "./shown-card.ts";

/** The card that follows the pointer. Its own place on the board stays, dimmed. */
export function HeldCard({ card, minute }: { card: ShownCard; minute: number }) {
  const { today } = useBoard();
  const { shop } = useSession().me;
  const due = dueWords(card, minute);
  return (
    <div className={styles.card} data-in-hand aria-hidden="true">
      <CardFace card={card} due={due?.kind} dueWords={due?.words} today={today} shop={shop} />
    </div>
  );
}
