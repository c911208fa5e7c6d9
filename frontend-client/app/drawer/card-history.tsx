import type { HistoryItem } from "@status-board/contracts";
import { useEffect, useState } from "react";
import type { ClientError } from "../../result.ts";
import { useBoard } from "../shared/board.ts";
import { CorrelationId } from "../shared/correlation-id.tsx";
import { errorWords, quotableId } from "../shared/error-words.ts";
import { useSession } from "../shared/session.ts";
import { useRetry } from "../shared/use-retry.ts";
import styles from "./card-history.module.css";
import { sentenceOf } from "./history-sentence.ts";

/** The history trails the card by the feed's delay; so often, and so long after each other, it is looked for. */
const looks = 4;
const betweenLooksMs = 500;

/** What happened to a card, newest first; read again when the card has another version. */
export function CardHistory({ id, version }: { id: string; version: number }) {
  const { me } = useSession();
  const { today } = useBoard();
  const { items, error } = useHistory(id, version);
  const quotable = error && quotableId(error);
  const reader = { shop: me.shop, today, userId: me.user.id };
  return (
    <section aria-labelledby="card-history">
      <h3 id="card-history" className={styles.title}>
        History
      </h3>
      {items === undefined && error === undefined && <p className={styles.quiet}>Reading the history.</p>}
      {error !== undefined && (
        <p role="alert" className={styles.quiet}>
          The history can't be read. {errorWords(error)} {quotable && <CorrelationId id={quotable} />}
        </p>
      )}
      {items !== undefined && (
        <ol className={styles.list}>
          {items.toReversed().map((item) => {
            const { when, words } = sentenceOf(item, reader);
            return (
              <li key={item.version} className={styles.item}>
                <time dateTime={item.at} className={styles.when}>
                  {when}
                </time>{" "}
                <span className={styles.words}>{words}</span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}

function useHistory(id: string, version: number) {
  const { client } = useSession();
  const [items, setItems] = useState<readonly HistoryItem[]>();
  const [error, setError] = useState<ClientError>();
  const { tries } = useRetry(error !== undefined);

  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    void read(looks, tries);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };

    async function read(left: number, _tries: number) {
      const answer = await client.getHistory({ id, signal: abort.signal });
      if (abort.signal.aborted) return;
      setError(answer.ok ? undefined : answer.error);
      if (!answer.ok) return;
      setItems(answer.data.items);
      const isBehind = (answer.data.items.at(-1)?.version ?? 0) < version;
      if (isBehind && left > 1) timer = setTimeout(() => void read(left - 1, _tries), betweenLooksMs);
    }
  }, [id, version, tries, client]);

  return { items, error };
}
