import type { Service } from "@status-board/contracts";
import { useEffect, useState } from "react";
import type { ClientError } from "../../result.ts";
import { useAttempts } from "../forms/attempt.ts";
import { findField } from "../forms/fields.tsx";
import { sendEdit } from "../forms/send-edit.ts";
import { Sheet } from "../forms/sheet.tsx";
import { SheetActions } from "../forms/sheet-form.tsx";
import { StaleNotice } from "../forms/stale-notice.tsx";
import { useEdit } from "../forms/use-edit.ts";
import { type Told, useTold } from "../forms/use-told.ts";
import { useSession } from "../shared/session.ts";
import {
  blankService,
  isSameText,
  readService,
  type ServiceForm,
  type ServicePatch,
  serviceFields,
  serviceFormOf,
  serviceLabels,
  servicePatch,
} from "./service-form.ts";
import { ServiceFormFrame } from "./service-form-frame.tsx";

interface SheetProps {
  onClose: () => void;
  /** Called with the service as the server has it, before the sheet closes. */
  onSaved: (service: Service) => void;
}

/** A form for a new service. */
export function NewService({ onClose, onSaved }: SheetProps) {
  const [isDirty, setDirty] = useState(false);
  return (
    <Sheet title="New service" isDirty={isDirty} onClose={onClose} initialFocus={() => findField("code")}>
      {(close) => <NewServiceForm close={close} onSaved={onSaved} onDirty={setDirty} />}
    </Sheet>
  );
}

interface FormProps {
  close: () => void;
  onSaved: (service: Service) => void;
  onDirty: (isDirty: boolean) => void;
}

function NewServiceForm({ close, onSaved, onDirty }: FormProps) {
  const { client, me } = useSession();
  const attempts = useAttempts();
  const told = useTold(serviceFields);
  const [form, setForm] = useState(blankService);
  const [isBusy, setBusy] = useState(false);

  async function create(): Promise<void> {
    const read = readService(form, me.shop.locale);
    told.again();
    if (read.kind === "wrong") return told.wrong(read.errors);
    setBusy(true);
    const body = { ...read.input, mutationId: attempts.idFor(read.input) };
    const answer = await client.createService({ body });
    setBusy(false);
    if (!answer.ok) return tellWrite(told, answer.error, form);
    onSaved(answer.data);
    close();
  }

  return (
    <ServiceFormFrame
      form={form}
      onChange={(next) => {
        setForm(next);
        onDirty(true);
      }}
      told={told}
      isBusy={isBusy}
      onSubmit={() => void create()}
    >
      <SheetActions left="Discard" onLeft={close} submit={isBusy ? "Saving" : "Add service"} />
    </ServiceFormFrame>
  );
}

/** A form for a service that is there. */
export function EditService({
  service,
  put,
  onClose,
  onSaved,
}: SheetProps & { service: Service; put: (service: Service) => void }) {
  const [isDirty, setDirty] = useState(false);
  return (
    <Sheet
      title={service.name}
      subtitle={service.code}
      isDirty={isDirty}
      onClose={onClose}
      initialFocus={() => findField("code")}
    >
      {(close) => <EditServiceForm service={service} put={put} close={close} onSaved={onSaved} onDirty={setDirty} />}
    </Sheet>
  );
}

function EditServiceForm({
  service,
  put,
  close,
  onSaved,
  onDirty,
}: FormProps & { service: Service; put: (service: Service) => void }) {
  const { client, me } = useSession();
  const { locale } = me.shop;
  const attempts = useAttempts();
  const told = useTold(serviceFields);
  const formOf = (item: Service) => serviceFormOf(item, locale);
  // What the list does not show any more is still open here.
  const [newest, setNewest] = useState(service);
  const { form, change, isClean, theirs, keepMine, takeTheirs } = useEdit(newest, formOf, isSameText);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => onDirty(!isClean), [isClean, onDirty]);

  async function save(): Promise<void> {
    told.again();
    setBusy(true);
    const outcome = await sendEdit<Service, ServiceForm, ServicePatch>({
      item: newest,
      form,
      formOf,
      isSame: isSameText,
      patchOf: (item, next) => servicePatch(item, next, locale),
      send: ({ id, version }, patch) =>
        client.editService({ id, body: { ...patch, expectedVersion: version, mutationId: attempts.idFor(patch) } }),
      newerOf: newerService,
      take: (item) => {
        setNewest(item);
        put(item);
      },
    });
    setBusy(false);
    if (outcome.kind === "wrong") told.wrong(outcome.errors);
    else if (outcome.kind === "failed") tellWrite(told, outcome.error, form);
    else if (outcome.kind !== "newer") {
      if (outcome.kind === "saved") onSaved(outcome.item);
      close();
    }
  }

  return (
    <ServiceFormFrame
      form={form}
      onChange={change}
      told={told}
      isBusy={isBusy || theirs.length > 0}
      onSubmit={() => void save()}
    >
      {theirs.length > 0 && !isBusy ? (
        <StaleNotice
          words="Somebody changed this while you were editing."
          changes={theirs}
          labelOf={(key) => serviceLabels[key]}
          wordsOf={(key, shown) => shown[key]}
          takeTheirs="Take theirs"
          onTakeTheirs={takeTheirs}
          onKeepMine={keepMine}
        />
      ) : (
        <SheetActions
          left={isClean ? "Back" : "Discard changes"}
          onLeft={close}
          submit={isBusy ? "Saving" : told.trouble ? "Try again" : "Save"}
        />
      )}
    </ServiceFormFrame>
  );
}

/** The newer service that a version conflict tells of. */
export const newerService = (error: ClientError): Service | undefined =>
  error.code === "version_conflict" && "priceCents" in error.current ? error.current : undefined;

/** A code that another service has is wrong at its field. */
function tellWrite(told: Told, error: ClientError, { code }: ServiceForm): void {
  if (error.code === "conflict" && error.reason === "duplicate_code")
    told.wrong({ code: `Another service has the code ${code.trim()} already.` });
  else told.tell(error, error.code === "not_found" ? "Somebody deleted this service in the meantime." : undefined);
}
