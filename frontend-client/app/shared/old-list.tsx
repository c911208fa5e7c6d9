import type { ClientError } from "../../result.ts";
import { Button } from "./button.tsx";
import { CorrelationId } from "./correlation-id.tsx";
import { errorWords, quotableId } from "./error-words.ts";
import styles from "./list.module.css";

/** Says that a list is the one from before, because the newest look at it failed. */
export function OldList({ error, reload }: { error: ClientError; reload: () => void }) {
  const id = quotableId(error);
  return (
    <div role="alert" className={styles.old}>
      <span>{errorWords(error)} The list is the one from before.</span>
      {id && <CorrelationId id={id} />}
      <Button onClick={reload}>Try now</Button>
    </div>
  );
}
