import { useState } from "react";
import { changedKeys, type IsSame, mergeForms, type TheirChange, theirChanges } from "./stale-edit.ts";

/** An edit of something that others may change meanwhile. */
export interface Edit<Item, Form> {
  /** The version on which the form stands. */
  opened: Item;
  form: Form;
  change: (form: Form) => void;
  /** Nothing was changed yet. */
  isClean: boolean;
  /** What others changed of what the form shows, and the user has not seen yet. */
  theirs: readonly TheirChange<Form>[];
  /** Goes on from the newer version, with or without one's own changes. */
  keepMine: () => void;
  takeTheirs: () => void;
}

/**
 * The form of an item. It stands on the version that was opened; `item` is always the newest known. As long as nothing
 * was changed, the form follows it. `draft` is an edit to go on from.
 */
export function useEdit<Item, Form extends object>(
  item: Item,
  formOf: (item: Item) => Form,
  isSame: IsSame<Form>,
  draft?: { opened: Item; form: Form },
): Edit<Item, Form> {
  const [opened, setOpened] = useState(draft?.opened ?? item);
  const [form, change] = useState(() => draft?.form ?? formOf(item));
  const base = formOf(opened);
  const newest = formOf(item);
  const isClean = changedKeys(base, form, isSame).length === 0;
  const theirs = theirChanges(base, form, newest, isSame);

  function goOn(next: Form): void {
    setOpened(item);
    change(next);
  }

  if (isClean && theirs.length > 0) goOn(newest);
  return {
    opened,
    form,
    change,
    isClean,
    theirs,
    keepMine: () => goOn(mergeForms(base, form, newest, isSame)),
    takeTheirs: () => goOn(newest),
  };
}
