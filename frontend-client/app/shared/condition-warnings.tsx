import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import styles from "./condition.module.css";
import { Icon } from "./icon.tsx";
import { useCondition } from "./use-condition.ts";

/** What is wrong with the board's data, and what to do about it; nothing where all is well. */
export function Warnings({ warnings, children }: { warnings: readonly string[]; children?: ReactNode }) {
  return (
    <div role="status" aria-label="The board's computer">
      {warnings.length > 0 && (
        <div className={styles.warnings}>
          <Icon name="alert" />
          <div className={styles.sentences}>
            {warnings.map((words) => (
              <p key={words}>{words}</p>
            ))}
          </div>
          {children}
        </div>
      )}
    </div>
  );
}

const none: readonly string[] = [];

/** Tells a manager above the board what is wrong with its data, until it is right or he has taken note of it. */
export function ConditionWarnings() {
  const warnings = useCondition()?.warnings ?? none;
  const [noted, setNoted] = useState("");
  // Ages and room change all the time, what is wrong with them does not.
  const what = warnings.join(" ").replace(/\d+/g, "");
  return (
    <Warnings warnings={what === noted ? none : warnings}>
      <Button onClick={() => setNoted(what)}>Hide</Button>
    </Warnings>
  );
}
