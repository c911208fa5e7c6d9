import type { ClientError } from "../../result.ts";
import { CorrelationId } from "../shared/correlation-id.tsx";
import { errorWords, quotableId } from "../shared/error-words.ts";
import { Icon } from "../shared/icon.tsx";
import { mayBeSaved } from "./attempt.ts";
import styles from "./write-trouble.module.css";

/** Said where a write's answer never came, or makes no sense: it is sent again under the same mutation id. */
const uncertain = "It is not certain whether this was saved. Try again: it can't be saved twice.";

interface WriteTroubleProps {
  error: ClientError;
  /** In other words than the failure's own. */
  words?: string | undefined;
}

/** Why a write failed and what to do next, said where it was sent from. */
export function WriteTrouble({ error, words }: WriteTroubleProps) {
  const id = quotableId(error);
  return (
    <div role="alert" className={styles.trouble}>
      <Icon name="alert" />
      <div>
        {words ?? (mayBeSaved(error) ? `${errorWords(error)} ${uncertain}` : errorWords(error))}
        {id && (
          <div>
            <CorrelationId id={id} />
          </div>
        )}
      </div>
    </div>
  );
}
