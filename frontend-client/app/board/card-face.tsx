import { memo } from "react";
import { type DueWords, initialsOf, money, type ShopFormats, sinceDay, timeOf, vehicleName } from "../shared/format.ts";
import { Icon } from "../shared/icon.tsx";
import styles from "./card-face.module.css";
import { owedCents, type ShownCard } from "./shown-card.ts";

interface CardFaceProps {
  card: ShownCard;
  /** What its promised time has to say; in two parts, so that only a change of words repaints it. */
  due: DueWords["kind"] | undefined;
  dueWords: string | undefined;
  /** The shop's day, YYYY-MM-DD. */
  today: string;
  shop: ShopFormats;
  /** Opens all of the card; absent for who may not see more of it. */
  onOpen?: (() => void) | undefined;
}

const servicesShown = 2;

/** The three lines of a card. */
export const CardFace = memo(function CardFace({ card, due, dueWords, today, shop, onOpen }: CardFaceProps) {
  const { start, customer, vehicle, services, technician, carriedFrom, notes } = card;
  const owed = owedCents(card);
  const name = vehicleName(vehicle);
  const more = services.length - servicesShown;
  return (
    <div className={styles.face}>
      <div className={styles.line}>
        <span className={styles.who}>
          <time dateTime={start}>{timeOf(start, shop)}</time>
          {onOpen ? (
            <button type="button" tabIndex={-1} className={styles.customer} onClick={onOpen}>
              {customer.name}
            </button>
          ) : (
            <span className={styles.customer}>{customer.name}</span>
          )}
        </span>
        {due && (
          <span className={`${styles.due} ${styles[due]}`}>
            <Icon name="clock" size={14} />
            {dueWords}
          </span>
        )}
      </div>
      <div className={styles.line}>
        {name && <span className={styles.vehicle}>{name}</span>}
        {vehicle.plate && <span className={styles.plate}>{vehicle.plate}</span>}
        {notes && (
          <span className={styles.note} title={notes}>
            <Icon name="note" size={16} />
            <span className="visually-hidden">Has notes</span>
          </span>
        )}
        {carriedFrom && <span className={styles.since}>{sinceDay(carriedFrom, today, shop)}</span>}
      </div>
      <div className={styles.line}>
        <span className={styles.services}>
          {services
            .slice(0, servicesShown)
            .map((service) => service.name)
            .join(", ")}
        </span>
        {more > 0 && <span className={styles.more}>+{more}</span>}
        {technician && (
          <span className={styles.technician} title={technician.name}>
            <span aria-hidden="true">{initialsOf(technician.name)}</span>
            <span className="visually-hidden">{technician.name}</span>
          </span>
        )}
        {owed > 0 && <span className={styles.owed}>{money(owed, shop)} due</span>}
      </div>
    </div>
  );
});
