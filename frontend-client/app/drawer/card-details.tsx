import type { Appointment } from "@status-board/contracts";
import type { ReactNode } from "react";
import { useBoard } from "../shared/board.ts";
import { buttonClass } from "../shared/button.tsx";
import { dayOf } from "../shared/days.ts";
import {
  dayName,
  dueWords,
  minutesInWords,
  money,
  type ShopFormats,
  shortDayName,
  sinceDay,
  timeOf,
} from "../shared/format.ts";
import { Icon } from "../shared/icon.tsx";
import { useMinute } from "../shared/minute.ts";
import { useSession } from "../shared/session.ts";
import { columnTitles } from "../shared/status-words.ts";
import styles from "./card-details.module.css";

/** All that a card holds, to be read. */
export function CardDetails({ card }: { card: Appointment }) {
  const { customer, vehicle, notes, technician } = card;
  return (
    <>
      <StatusLine card={card} />
      <div className={styles.contacts}>
        {customer.phone && (
          <a className={buttonClass("plain", styles.contact)} href={`tel:${customer.phone.replaceAll(/[^+\d]/g, "")}`}>
            <Icon name="phone" /> {customer.phone}
          </a>
        )}
        {customer.email && (
          <a className={buttonClass("plain", styles.contact)} href={`mailto:${encodeURIComponent(customer.email)}`}>
            <Icon name="mail" /> {customer.email}
          </a>
        )}
      </div>
      <dl className={styles.facts}>
        <Times card={card} />
        {vehicle.vin && (
          <Fact name="VIN">
            <span className={styles.mono}>{vehicle.vin}</span>
          </Fact>
        )}
        <Fact name="Technician">{technician?.name ?? <span className={styles.quiet}>nobody yet</span>}</Fact>
      </dl>
      {notes && (
        <section aria-labelledby="card-notes">
          <h3 id="card-notes" className={styles.heading}>
            Notes
          </h3>
          <p className={styles.notes}>{notes}</p>
        </section>
      )}
      <Money card={card} />
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A moment by its time, with its day where that is not the card's. */
function momentWords(moment: string, date: string, shop: ShopFormats): string {
  const day = dayOf(moment, shop.timeZone);
  return day === date ? timeOf(moment, shop) : `${shortDayName(day, shop)}, ${timeOf(moment, shop)}`;
}

function StatusLine({ card }: { card: Appointment }) {
  const { me } = useSession();
  const { date, today } = useBoard();
  const due = dueWords(card, useMinute());
  return (
    <p className={styles.statusLine}>
      <span className={styles.status} data-status={card.status}>
        {columnTitles[card.status]}
      </span>
      {due && (
        <span className={styles.due} data-kind={due.kind}>
          <Icon name="clock" size={16} /> {due.words}
        </span>
      )}
      {card.carriedFrom && <span>{sinceDay(card.carriedFrom, today, me.shop)}</span>}
      {card.date !== date && <span>on {dayName(card.date, me.shop)}</span>}
    </p>
  );
}

function Times({ card }: { card: Appointment }) {
  const { shop } = useSession().me;
  const { date, start, end, promisedAt, checkInAt, checkOutAt } = card;
  const minutes = Math.round((Date.parse(end) - Date.parse(start)) / 60_000);
  const times = [
    ["Promised", promisedAt],
    ["Checked in", checkInAt],
    ["Checked out", checkOutAt],
  ] as const;
  return (
    <>
      <Fact name="Time">
        {momentWords(start, date, shop)} to {momentWords(end, dayOf(start, shop.timeZone), shop)}
        <span className={styles.quiet}> · {minutesInWords(minutes)}</span>
      </Fact>
      {times.map(
        ([name, at]) =>
          at && (
            <Fact key={name} name={name}>
              {momentWords(at, date, shop)}
            </Fact>
          ),
      )}
    </>
  );
}

function Money({ card }: { card: Appointment }) {
  const { shop } = useSession().me;
  const { services, totalCents, paidCents } = card;
  const owedCents = Math.max(0, totalCents - paidCents);
  const sums = [
    ["Total", totalCents],
    ["Paid", paidCents],
    ["Owed", owedCents],
  ] as const;
  return (
    <section aria-labelledby="card-services">
      <h3 id="card-services" className={styles.heading}>
        Services
      </h3>
      {services.length === 0 && <p className={styles.none}>No services yet.</p>}
      <ul className={styles.lines}>
        {services.map(({ code, name, priceCents, minutes }) => (
          <li key={code} className={styles.line}>
            <span className={styles.lineName}>
              {name} <span className={styles.quiet}>{`${code} · ${minutesInWords(minutes)}`}</span>
            </span>
            <span className={styles.amount}>{money(priceCents, shop)}</span>
          </li>
        ))}
      </ul>
      <dl className={styles.sums}>
        {sums.map(([name, cents]) => (
          <div key={name} className={styles.line} data-owed={(name === "Owed" && cents > 0) || undefined}>
            <dt className={styles.lineName}>{name}</dt>
            <dd className={styles.amount}>{money(cents, shop)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
