import { useEffect, useState } from "react";
import type { ShopFormats } from "../shared/format.ts";
import { pageStandsMs } from "./paging.ts";
import type { PublicCard } from "./public-card.ts";
import styles from "./tv.module.css";
import { CarCard, NextCard } from "./tv-cards.tsx";
import { TvColumn } from "./tv-column.tsx";

/** How often pages have turned; all columns turn together. */
function useTurn(): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn((turns) => turns + 1), pageStandsMs);
    return () => clearInterval(timer);
  }, []);
  return turn;
}

const byStart = (one: PublicCard, other: PublicCard) => Date.parse(one.start) - Date.parse(other.start);

interface BoardProps {
  cards: readonly PublicCard[];
  shop: ShopFormats;
  /** YYYY-MM-DD. */
  today: string;
  /** ms since 1970. */
  now: number;
}

/** What comes next, in a narrow list, and the cars that are here. */
export function TvBoard({ cards, shop, today, now }: BoardProps) {
  const turn = useTurn();
  const next = cards.filter(({ status }) => status === "scheduled").sort(byStart);
  return (
    <main className={styles.board}>
      <TvColumn status="scheduled" cards={next} turn={turn} cardMinWidth={18} cardHeight={5.2}>
        {(card) => <NextCard card={card} shop={shop} />}
      </TvColumn>
      {(["in_progress", "ready"] as const).map((status) => (
        <TvColumn
          key={status}
          status={status}
          cards={cards.filter((card) => card.status === status)}
          turn={turn}
          cardMinWidth={30}
          cardHeight={7.5}
        >
          {(card) => <CarCard card={card} shop={shop} today={today} now={now} />}
        </TvColumn>
      ))}
    </main>
  );
}
