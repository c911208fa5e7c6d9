import type { ClientError, Result } from "../../result.ts";
import type { FieldErrors } from "./field-errors.ts";
import { type IsSame, theirChanges } from "./stale-edit.ts";

/** What became of an edit. */
export type EditOutcome<Item> =
  | { kind: "saved"; item: Item }
  /** The item says already what the form does, as after a save whose answer was lost. */
  | { kind: "nothing_to_save" }
  | { kind: "wrong"; errors: FieldErrors }
  /** Others changed what the form shows; `take` has the newer version, and the user decides. */
  | { kind: "newer" }
  | { kind: "failed"; error: ClientError };

interface EditToSend<Item, Form extends object, Patch extends object> {
  /** The newest version known. */
  item: Item;
  form: Form;
  formOf: (item: Item) => Form;
  isSame: IsSame<Form>;
  patchOf: (item: Item, form: Form) => { kind: "patch"; patch: Patch } | { kind: "wrong"; errors: FieldErrors };
  send: (item: Item, patch: Patch) => Promise<Result<Item>>;
  /** The newer item that a version conflict tells of; undefined for any other failure. */
  newerOf: (error: ClientError) => Item | undefined;
  /** Takes in a newer version. */
  take: (item: Item) => void;
}

/** Sent again by itself so often where a newer version changed nothing that the form shows, as a move does. */
const quietRetries = 2;

/** Sends the difference between an item and its form. */
export async function sendEdit<Item, Form extends object, Patch extends object>(
  edit: EditToSend<Item, Form, Patch>,
): Promise<EditOutcome<Item>> {
  const { form, formOf, isSame, patchOf, send, newerOf, take } = edit;
  let { item } = edit;
  for (let tries = 0; ; tries++) {
    const read = patchOf(item, form);
    if (read.kind === "wrong") return read;
    if (Object.keys(read.patch).length === 0) return { kind: "nothing_to_save" };
    const answer = await send(item, read.patch);
    if (answer.ok) return { kind: "saved", item: answer.data };
    const newer = newerOf(answer.error);
    if (newer === undefined) return { kind: "failed", error: answer.error };
    take(newer);
    if (theirChanges(formOf(item), form, formOf(newer), isSame).length > 0) return { kind: "newer" };
    if (tries >= quietRetries) return { kind: "failed", error: answer.error };
    item = newer;
  }
}
