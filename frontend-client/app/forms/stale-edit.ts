/** True where two forms say the same in one part. */
export type IsSame<Form> = (key: keyof Form, one: Form, other: Form) => boolean;

/** What somebody else changed of one part of what one has open in a form. */
export interface TheirChange<Form> {
  key: keyof Form;
  before: Form;
  theirs: Form;
  /** Set where one has changed the same part to something else. */
  mine?: Form;
}

const keysOf = <Form extends object>(form: Form) => Object.keys(form) as (keyof Form)[];

/** The parts in which two forms differ. */
export function changedKeys<Form extends object>(one: Form, other: Form, isSame: IsSame<Form>): (keyof Form)[] {
  return keysOf(one).filter((key) => !isSame(key, one, other));
}

/**
 * What changed between the version that a form was opened on and a newer one (AP2), besides what one has changed alike.
 * Nothing where the newer version differs in what the form does not show.
 */
export function theirChanges<Form extends object>(
  base: Form,
  mine: Form,
  theirs: Form,
  isSame: IsSame<Form>,
): TheirChange<Form>[] {
  return changedKeys(base, theirs, isSame)
    .filter((key) => !isSame(key, mine, theirs))
    .map((key) => ({ key, before: base, theirs, ...(!isSame(key, base, mine) && { mine }) }));
}

/** One's own changes carried over to the newer version: what one changed stays, the rest is as they left it. */
export function mergeForms<Form extends object>(base: Form, mine: Form, theirs: Form, isSame: IsSame<Form>): Form {
  const merged = { ...theirs };
  for (const key of changedKeys(base, mine, isSame)) merged[key] = mine[key];
  return merged;
}
