import { useState } from "react";
import { Button } from "./button.tsx";
import styles from "./correlation-id.module.css";

/** The id of a failure that is ours, ready to copy. */
export function CorrelationId({ id }: { id: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard?.writeText(id).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <span className={styles.line}>
      <code className={styles.id}>{id}</code>
      <Button kind="quiet" aria-label={isCopied ? "Copied" : "Copy the id of this failure"} onClick={copy}>
        {isCopied ? "Copied" : "Copy"}
      </Button>
    </span>
  );
}
