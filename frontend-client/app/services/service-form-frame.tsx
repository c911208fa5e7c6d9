import { Form } from "@base-ui/react/form";
import { limits } from "@status-board/contracts";
import type { ReactNode } from "react";
import { FieldGroup, fieldStyles, LongTextField, TextField } from "../forms/fields.tsx";
import { SheetBody, SheetFooter, sheetStyles } from "../forms/sheet.tsx";
import type { Told } from "../forms/use-told.ts";
import { WriteTrouble } from "../forms/write-trouble.tsx";
import { Button } from "../shared/button.tsx";
import { useSession } from "../shared/session.ts";
import { type ServiceForm, serviceLabels } from "./service-form.ts";

interface ActionsProps {
  left: string;
  onLeft: () => void;
  submit: string;
}

/** Leaving a form without saving, and saving it. */
export function Actions({ left, onLeft, submit }: ActionsProps) {
  return (
    <div className={sheetStyles.actions}>
      <Button onClick={onLeft}>{left}</Button>
      <Button kind="primary" type="submit">
        {submit}
      </Button>
    </div>
  );
}

interface FrameProps {
  form: ServiceForm;
  onChange: (form: ServiceForm) => void;
  told: Told;
  isBusy: boolean;
  onSubmit: () => void;
  /** What stands at the bottom. */
  children: ReactNode;
}

/** The fields of a service, for new ones and for edits. */
export function ServiceFormFrame({ form, onChange, told, isBusy, onSubmit, children }: FrameProps) {
  const { shop } = useSession().me;
  const named = (key: keyof ServiceForm) => ({
    name: key,
    label: serviceLabels[key],
    value: form[key],
    onChange: (value: string) => onChange({ ...form, [key]: value }),
  });
  return (
    <Form
      className={sheetStyles.form}
      errors={told.errors}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) onSubmit();
      }}
    >
      <SheetBody>
        <FieldGroup title="What it is">
          <TextField
            {...named("code")}
            isRequired
            className={fieldStyles.wide}
            hint="Letters, digits, - and _. Nothing else has it."
            input={{ maxLength: limits.serviceCodeMaxCharacters, autoCapitalize: "characters", spellCheck: false }}
          />
          <TextField
            {...named("name")}
            isRequired
            className={fieldStyles.wide}
            input={{ maxLength: limits.nameMaxCharacters }}
          />
          <LongTextField
            {...named("description")}
            className={fieldStyles.wide}
            maxLength={limits.descriptionMaxCharacters}
          />
        </FieldGroup>
        <FieldGroup title="What it takes">
          <TextField
            {...named("priceCents")}
            label={`Price (${shop.currency})`}
            isRequired
            input={{ inputMode: "decimal", maxLength: 20 }}
          />
          <TextField {...named("minutes")} isRequired input={{ inputMode: "numeric", maxLength: 5 }} />
        </FieldGroup>
      </SheetBody>
      <SheetFooter>
        {told.trouble && <WriteTrouble {...told.trouble} />}
        {children}
      </SheetFooter>
    </Form>
  );
}
