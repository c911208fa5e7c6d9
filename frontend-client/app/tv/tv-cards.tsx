import type { ReactNode } from "react";
import { dueWords, type ShopFormats, sinceDay, timeOf } from "../shared/format.ts";
import type { PublicCard } from "./public-card.ts";
import styles from "./tv-card.module.css";

const shownServices = 2;

interface CardProps {
  card: PublicCard;
  shop: ShopFormats;
  /** YYYY-MM-DD. */
  today: string;
  /** ms since 1970. */
  now: number;
}

function CardFrame({ card, className, children }: { card: PublicCard; className?: string; children: ReactNode }) {
  const name = [card.customer, card.vehicle ?? card.plate].filter(Boolean).join(", ");
  return (
    <article className={`${styles.card} ${className ?? ""}`} aria-label={name}>
      {children}
    </article>
  );
}

const Plate = ({ plate }: { plate: string | undefined }) =>
  plate !== undefined && <span className={styles.plate}>{plate}</span>;

/** Until when the owner may expect his car; how late it is, where it is. */
function Due({ card, shop, now }: Omit<CardProps, "today">) {
  const due = dueWords(card, now);
  if (due) return <span className={styles[due.kind]}>{due.words}</span>;
  if (card.status !== "in_progress" || card.promisedAt === undefined) return null;
  return <span className={styles.until}>by {timeOf(card.promisedAt, shop)}</span>;
}

/** A car that is here: whose, which, what is done to it by whom, and until when. */
export function CarCard({ card, shop, today, now }: CardProps) {
  const { customer, vehicle, plate, carriedFrom, technician } = card;
  const more = card.services.length - shownServices;
  const services = card.services.slice(0, shownServices).join(", ") + (more > 0 ? ` +${more}` : "");
  return (
    <CardFrame card={card}>
      <p className={styles.who}>
        <strong className={styles.cut}>{customer}</strong>
        <Plate plate={plate} />
      </p>
      <p className={styles.vehicle}>
        <span className={styles.cut}>
          {[vehicle, carriedFrom && `here ${sinceDay(carriedFrom, today, shop)}`].filter(Boolean).join(" · ")}
        </span>
        <Due card={card} shop={shop} now={now} />
      </p>
      <p className={styles.what}>
        <span className={styles.cut}>{services}</span>
        <span className={`${styles.cut} ${styles.technician}`}>{technician}</span>
      </p>
    </CardFrame>
  );
}

/** A car that is expected: when, whose and which. */
export function NextCard({ card, shop }: Pick<CardProps, "card" | "shop">) {
  return (
    <CardFrame card={card} className={styles.next ?? ""}>
      <p className={styles.who}>
        <time dateTime={card.start}>{timeOf(card.start, shop)}</time>
        <strong className={styles.cut}>{card.customer}</strong>
      </p>
      <p className={styles.vehicle}>
        <span className={styles.cut}>{card.vehicle}</span>
        <Plate plate={card.plate} />
      </p>
    </CardFrame>
  );
}
