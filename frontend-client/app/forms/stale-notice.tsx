import { Button } from "../shared/button.tsx";
import { sheetStyles } from "./sheet.tsx";
import type { TheirChange } from "./stale-edit.ts";
import styles from "./stale-notice.module.css";

interface StaleNoticeProps<Form> {
  /** "Ana changed this while you were editing." */
  words: string;
  changes: readonly TheirChange<Form>[];
  labelOf: (key: keyof Form) => string;
  /** What a form says in one part, in words. */
  wordsOf: (key: keyof Form, form: Form) => string;
  /** What the button says that gives up one's own changes. */
  takeTheirs: string;
  onTakeTheirs: () => void;
  onKeepMine: () => void;
}

/** Says what somebody else changed while one was editing, and lets one decide. */
export function StaleNotice<Form extends object>(props: StaleNoticeProps<Form>) {
  const { words, changes, labelOf, wordsOf, takeTheirs, onTakeTheirs, onKeepMine } = props;
  return (
    <>
      <div role="alert" className={styles.notice}>
        <strong>{words}</strong>
        <ul className={styles.changes}>
          {changes.map(({ key, before, theirs, mine }) => (
            <li key={String(key)}>
              {labelOf(key)}: <del>{wordsOf(key, before) || "nothing"}</del>{" "}
              <ins>{wordsOf(key, theirs) || "nothing"}</ins>
              {mine && <span className={styles.mine}> (yours: {wordsOf(key, mine) || "nothing"})</span>}
            </li>
          ))}
        </ul>
      </div>
      <div className={sheetStyles.actions}>
        <Button onClick={onTakeTheirs}>{takeTheirs}</Button>
        <Button kind="primary" onClick={onKeepMine}>
          Keep my changes
        </Button>
      </div>
    </>
  );
}
