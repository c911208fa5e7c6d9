import { Form } from "@base-ui/react/form";
import type { Appointment } from "@status-board/contracts";
import { useEffect, useState } from "react";
import { ulid } from "ulid";
import type { ClientError } from "../../result.ts";
import { findCard } from "../board/card-elements.ts";
import { mayBeSaved } from "../forms/attempt.ts";
import { findField } from "../forms/fields.tsx";
import { Sheet, SheetBody, SheetFooter, sheetStyles } from "../forms/sheet.tsx";
import { changedKeys } from "../forms/stale-edit.ts";
import { useTold } from "../forms/use-told.ts";
import { WriteTrouble } from "../forms/write-trouble.tsx";
import { useBoard } from "../shared/board.ts";
import { Button } from "../shared/button.tsx";
import { dayName } from "../shared/format.ts";
import { useSession } from "../shared/session.ts";
import { CardFields } from "./card-fields.tsx";
import {
  blankForm,
  type CardForm,
  fieldNames,
  followed,
  formFields,
  isSame,
  readForm,
  serviceNameAt,
} from "./card-form.ts";
import { drafts, draftWords } from "./drafts.ts";
import { nextSlot } from "./wall-time.ts";

interface NewAppointmentProps {
  /** The day that the form begins with, YYYY-MM-DD. */
  date: string;
  /** Called once it is closed. */
  onClose: () => void;
  /** Called with the card as the server made it, before the form closes. */
  onCreated: (card: Appointment) => void;
}

/** A form for a new appointment. */
export function NewAppointmentForm({ date, onClose, onCreated }: NewAppointmentProps) {
  const { shop } = useSession().me;
  const [blank] = useState(() => blankForm(date, nextSlot(date, Date.now(), shop.timeZone)));
  const [draft] = useState(drafts.new);
  const [form, setForm] = useState(draft?.form ?? blank);
  // One id for all tries: the server makes one card of them, however often they come (AP1).
  const [id, setId] = useState(() => draft?.id ?? ulid());
  const [created, setCreated] = useState<Appointment>();
  const isDirty = created === undefined && changedKeys(blank, form, isSame).length > 0;
  useEffect(() => {
    drafts.new = isDirty ? { id, form } : undefined;
  }, [isDirty, id, form]);
  return (
    <Sheet
      title="New appointment"
      subtitle={dayName(date, shop)}
      isDirty={isDirty}
      onClose={() => {
        drafts.new = undefined;
        onClose();
      }}
      initialFocus={() => findField(formFields.name.field)}
      finalFocus={() => (created === undefined ? null : findCard(created.id))}
    >
      {(close) => (
        <NewCard
          id={id}
          renew={() => setId(ulid())}
          form={form}
          words={draft && isDirty ? draftWords : undefined}
          onChange={(next) => setForm(followed(form, next))}
          onCreated={(card) => {
            setCreated(card);
            onCreated(card);
            close();
          }}
          close={close}
        />
      )}
    </Sheet>
  );
}

interface NewCardProps {
  /** The id of all tries so far; `renew` takes another. */
  id: string;
  renew: () => void;
  /** What to say above the buttons. */
  words: string | undefined;
  form: CardForm;
  onChange: (form: CardForm) => void;
  onCreated: (card: Appointment) => void;
  close: () => void;
}

function NewCard({ id, renew, words, form, onChange, onCreated, close }: NewCardProps) {
  const { client, me } = useSession();
  const { board, date } = useBoard();
  const { errors, trouble, wrong, again, tell } = useTold(fieldNames);
  const [isBusy, setBusy] = useState(false);

  async function create(): Promise<void> {
    again();
    const read = readForm(form, me.shop);
    if (read.kind === "wrong") return wrong(read.errors);
    setBusy(true);
    const answer = await client.createAppointment({ body: { id, ...read.input } });
    setBusy(false);
    if (!answer.ok) return tellFailure(answer.error);
    if (answer.data.date === date) board.accept(answer.data);
    onCreated(answer.data);
  }

  function tellFailure(error: ClientError): void {
    const said = error.code === "conflict" ? conflictWords[error.reason] : undefined;
    tell(error, said, (path) => serviceNameAt(form, path));
    if (error.code === "conflict") renew();
  }

  return (
    <Form
      className={sheetStyles.form}
      errors={errors}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void create();
      }}
    >
      <SheetBody>
        <CardFields form={form} onChange={onChange} />
      </SheetBody>
      <SheetFooter>
        {trouble ? <WriteTrouble {...trouble} /> : words && <p role="status">{words}</p>}
        <div className={sheetStyles.actions}>
          <Button onClick={close}>Discard</Button>
          <Button kind="primary" type="submit">
            {isBusy ? "Saving" : trouble && mayBeSaved(trouble.error) ? "Try again" : "Add appointment"}
          </Button>
        </div>
      </SheetFooter>
    </Form>
  );
}

/** An earlier try came through after all, and what is in the form now differs from it. */
const conflictWords: Partial<Record<string, string>> = {
  id_reused:
    "An earlier try was saved after all, as it was then. Look for it on the board; adding again makes a second appointment.",
  id_deleted: "An earlier try was saved and has been cancelled since. Add again to make a new one.",
};
