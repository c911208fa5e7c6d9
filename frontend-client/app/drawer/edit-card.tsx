import { Form } from "@base-ui/react/form";
import type { Appointment } from "@status-board/contracts";
import { useEffect, useState } from "react";
import { useAttempts } from "../forms/attempt.ts";
import { sendEdit } from "../forms/send-edit.ts";
import { SheetBody, SheetFooter, sheetStyles } from "../forms/sheet.tsx";
import { StaleNotice } from "../forms/stale-notice.tsx";
import { useEdit } from "../forms/use-edit.ts";
import { useTold } from "../forms/use-told.ts";
import { WriteTrouble } from "../forms/write-trouble.tsx";
import { Button } from "../shared/button.tsx";
import { dayName } from "../shared/format.ts";
import { useSession } from "../shared/session.ts";
import { CardFields } from "./card-fields.tsx";
import { type CardForm, type FormKey, fieldNames, formFields, formOf, isSame, serviceNameAt } from "./card-form.ts";
import { type CardPatch, patchOf } from "./card-patch.ts";
import { drafts, draftWords } from "./drafts.ts";

interface EditCardProps {
  /** The card as it is now; it may change while it is edited. */
  card: Appointment;
  take: (card: Appointment) => void;
  onDirty: (isDirty: boolean) => void;
  /** Leaves the form; `said` tells what was saved. */
  onDone: (said?: string) => void;
}

/** Edits a card in place. */
export function EditCard({ card, take, onDirty, onDone }: EditCardProps) {
  const { client, me, technicians } = useSession();
  const { shop } = me;
  const attempts = useAttempts();
  const formOfCard = (item: Appointment) => formOf(item, shop);
  const [draft] = useState(() => drafts.edits.get(card.id));
  const edit = useEdit(card, formOfCard, isSame, draft);
  const { opened, form, change, isClean, theirs, keepMine, takeTheirs } = edit;
  const { errors, trouble, wrong, again, tell } = useTold(fieldNames);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => onDirty(!isClean), [isClean, onDirty]);
  useEffect(() => {
    if (isClean) drafts.edits.delete(opened.id);
    else drafts.edits.set(opened.id, { opened, form });
  }, [isClean, opened, form]);

  async function save(): Promise<void> {
    again();
    setBusy(true);
    const outcome = await sendEdit<Appointment, CardForm, CardPatch>({
      item: card,
      form,
      formOf: formOfCard,
      isSame,
      patchOf: (item, next) => patchOf(item, next, shop),
      send: ({ id, version }, patch) =>
        client.editAppointment({
          id,
          body: { ...patch, expectedVersion: version, mutationId: attempts.idFor(patch) },
        }),
      newerOf: (error) => (error.code === "version_conflict" && "rank" in error.current ? error.current : undefined),
      take,
    });
    setBusy(false);
    if (outcome.kind === "wrong") wrong(outcome.errors);
    else if (outcome.kind === "failed") tell(outcome.error, undefined, (path) => serviceNameAt(form, path));
    else if (outcome.kind === "nothing_to_save") onDone(trouble && "Saved.");
    else if (outcome.kind === "saved") saved(outcome.item);
  }

  function saved(newest: Appointment): void {
    attempts.done();
    take(newest);
    onDone(newest.date === card.date ? "Saved." : `Saved. It now stands on ${dayName(newest.date, shop)}.`);
  }

  const wordsOf = (key: FormKey, { services, ...texts }: CardForm): string => {
    if (key === "services") return services.map(({ name }) => name).join(", ");
    if (key !== "technicianId") return texts[key];
    return [...technicians, card.technician].find((one) => one?.id === texts.technicianId)?.name ?? "";
  };

  const isMine = card.updatedBy.id === me.user.id;
  return (
    <Form
      className={sheetStyles.form}
      errors={errors}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && theirs.length === 0) void save();
      }}
    >
      <SheetBody>
        <CardFields form={form} onChange={change} technician={card.technician} />
      </SheetBody>
      <SheetFooter>
        {trouble && <WriteTrouble {...trouble} />}
        {draft && !trouble && !isClean && <p role="status">{draftWords}</p>}
        {theirs.length > 0 && !isBusy ? (
          <StaleNotice
            words={`${isMine ? "You" : card.updatedBy.name} changed this ${isMine ? "elsewhere " : ""}while you were editing.`}
            changes={theirs}
            labelOf={(key) => formFields[key].label}
            wordsOf={wordsOf}
            takeTheirs={isMine ? "Take the saved one" : `Take ${card.updatedBy.name}'s`}
            onTakeTheirs={takeTheirs}
            onKeepMine={keepMine}
          />
        ) : (
          <div className={sheetStyles.actions}>
            <Button onClick={() => onDone()}>{isClean ? "Back" : "Discard changes"}</Button>
            <Button kind="primary" type="submit">
              {isBusy ? "Saving" : trouble ? "Try again" : "Save"}
            </Button>
          </div>
        )}
      </SheetFooter>
    </Form>
  );
}
