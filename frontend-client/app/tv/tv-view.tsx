import { useEffect, useMemo } from "react";
import { dayName, timeOf } from "../shared/format.ts";
import { useMinute } from "../shared/minute.ts";
import { useSession } from "../shared/session.ts";
import { useToday } from "../shared/today.ts";
import { keepAwake } from "./keep-awake.ts";
import { publicCard } from "./public-card.ts";
import { type Scene, sceneAt, unsureWords } from "./scene.ts";
import styles from "./tv.module.css";
import { TvBoard } from "./tv-board.tsx";
import { useReloadWhenStuck, useRenewal } from "./use-renewal.ts";
import { type TvBoardState, useTvBoard } from "./use-tv-board.ts";

const resting: Scene = { kind: "rest", words: "" };

/** The board for a screen on the wall: nobody touches it, and it looks after itself for weeks. */
export function TvView() {
  const { client, me } = useSession();
  const { shop } = me;
  const today = useToday(shop.timeZone);
  const now = useMinute();
  const state = useTvBoard(client, today);
  const columns = state?.board?.columns;
  const cards = useMemo(() => columns && Object.values(columns).flat().map(publicCard), [columns]);
  const scene = cards === undefined ? resting : sceneAt({ cards, now, changedAt: state?.changedAt });
  const done = columns?.completed.length ?? 0;

  useEffect(() => keepAwake(document, navigator.wakeLock), []);
  useRenewal({ release: state?.release, changedAt: state?.changedAt, isResting: scene.kind === "rest", now });
  useReloadWhenStuck(state?.connection.kind === "ended" || (columns === undefined && state?.error !== undefined));

  return (
    <div className={`${styles.screen} ${columns && !state?.isSure ? styles.unsure : ""}`}>
      <header className={styles.head}>
        <h1 className={styles.cut}>{shop.name}</h1>
        {scene.kind === "cards" && (
          <p className={styles.day}>
            {dayName(today, shop)}
            {done > 0 && <span> · {done} done</span>}
          </p>
        )}
        <Connection state={state} now={now} timeZone={shop.timeZone} />
        {scene.kind === "cards" && <Clock now={now} timeZone={shop.timeZone} />}
      </header>
      {scene.kind === "cards" && cards ? (
        <TvBoard cards={cards} shop={shop} today={today} now={now} />
      ) : (
        <main className={styles.rest}>
          <Clock now={now} timeZone={shop.timeZone} />
          <p className={styles.restDay}>{dayName(today, shop)}</p>
          <p className={styles.restWords}>{scene.kind === "rest" && restWords(scene, shop.timeZone)}</p>
        </main>
      )}
    </div>
  );
}

const restWords = ({ words, firstAt }: Extract<Scene, { kind: "rest" }>, timeZone: string) =>
  firstAt === undefined ? words : `${words} at ${timeOf(firstAt, { timeZone })}`;

/** The time on the shop's clock. */
function Clock({ now, timeZone }: { now: number; timeZone: string }) {
  return (
    <time className={styles.clock} dateTime={new Date(now).toISOString()}>
      {timeOf(now, { timeZone })}
    </time>
  );
}

interface ConnectionProps {
  state: TvBoardState | undefined;
  now: number;
  timeZone: string;
}

/** Whether the board can be relied on: a dot and a word, or the line that says since when not. */
function Connection({ state, now, timeZone }: ConnectionProps) {
  const { connection, error, board, sureAt, isSure } = state ?? {};
  const isInDoubt = board ? !isSure : error !== undefined;
  const words = () => {
    if (connection === undefined) return "Connecting.";
    if (board && isSure) return connection.kind === "live" ? "Live" : "Up to date";
    return unsureWords({ connection, error, sureAt: board && sureAt, now, timeZone });
  };
  return (
    <p role="status" aria-label="Connection" className={isInDoubt ? styles.doubt : styles.sure}>
      {words()}
    </p>
  );
}
