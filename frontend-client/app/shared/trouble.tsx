import type { ReactNode } from "react";
import type { ClientError } from "../../result.ts";
import { CorrelationId } from "./correlation-id.tsx";
import { errorWords, quotableId } from "./error-words.ts";
import { Icon } from "./icon.tsx";
import styles from "./trouble.module.css";

interface TroubleProps {
  /** What happened, as a sentence. Default the words of `error`. */
  words?: string;
  error?: ClientError | undefined;
  /** Shown small below, for whoever has to find the cause. */
  detail?: string;
  /** What to do next. */
  children?: ReactNode;
}

/** Stands where a view can't: what happened, the id to quote for it, and what to do next. */
export function Trouble({ words, error, detail, children }: TroubleProps) {
  const id = error && quotableId(error);
  return (
    <div role="alert" className={styles.trouble}>
      <Icon name="alert" size={32} />
      <p className={styles.words}>{words ?? (error && errorWords(error))}</p>
      {detail && <p className={styles.detail}>{detail}</p>}
      {id && <CorrelationId id={id} />}
      <div className={styles.actions}>{children}</div>
    </div>
  );
}
