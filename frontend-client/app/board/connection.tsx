import { useEffect, useRef, useState } from "react";
import type { ConnectionState } from "../../types.ts";
import { useBoard } from "../shared/board.ts";
import { Button } from "../shared/button.tsx";
import { useSession } from "../shared/session.ts";
import { WayIn } from "../sign-in/way-in.tsx";
import styles from "./connection.module.css";
import { connectionWords } from "./connection-words.ts";

const secondMs = 1_000;
/** How long it is said that all is well again. */
const backMs = 5_000;

/** Counts the seconds while somebody waits for something. */
function useSeconds(isCounting: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isCounting) return;
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, secondMs);
    return () => clearInterval(timer);
  }, [isCounting]);
  return now;
}

/** True for a moment after a connection that somebody was told of as lost is back. */
function useIsBack({ kind }: ConnectionState, wasTold: boolean): boolean {
  const [isBack, setBack] = useState(false);
  const told = useRef(false);
  useEffect(() => {
    if (wasTold) told.current = true;
    if (kind !== "live") return setBack(false);
    if (!told.current) return;
    told.current = false;
    setBack(true);
    const timer = setTimeout(() => setBack(false), backMs);
    return () => clearTimeout(timer);
  }, [kind, wasTold]);
  return isBack;
}

/** Whether the board can be relied on, always in sight: a dot and a word, and a sentence where it can't. */
export function Connection() {
  const { state, board } = useBoard();
  const { shop } = useSession().me;
  const { connection } = state;
  const isCounting = connection.kind === "reconnecting";
  const seconds = useSeconds(isCounting);
  const now = isCounting ? Math.max(seconds, connection.since) : seconds;
  const words = connectionWords({ connection, hasBoard: state.board !== undefined, now, shop });
  const isBack = useIsBack(connection, words.sentence !== undefined);
  const { tone, word, sentence, countdown, action } = words;
  return (
    <div
      role="status"
      aria-live="polite"
      aria-label="Connection"
      className={styles.connection}
      data-wide={sentence !== undefined || isBack}
    >
      <span className={styles.word}>
        <span className={styles.dot} data-tone={tone} />
        {word}
      </span>
      {isBack && <span className={styles.sentence}>Back. Everything is up to date.</span>}
      {sentence && (
        <span className={styles.sentence}>
          {sentence} {countdown && <span aria-hidden="true">{countdown}</span>}
        </span>
      )}
      {action === "try" && <Button onClick={board.refresh}>Try now</Button>}
      {action === "reload" && <Button onClick={() => window.location.reload()}>Reload</Button>}
      {action === "sign-in" && <WayIn />}
    </div>
  );
}
