import { limits } from "@status-board/contracts";
import type { ReactNode } from "react";
import { FieldGroup, fieldStyles, LongTextField, TextField } from "../forms/fields.tsx";
import { SheetForm } from "../forms/sheet-form.tsx";
import type { Told } from "../forms/use-told.ts";
import { useSession } from "../shared/session.ts";
import { type ServiceForm, serviceLabels } from "./service-form.ts";

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
    <SheetForm
      told={told}
      isBusy={isBusy}
      onSubmit={onSubmit}
      fields={
        <>
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
        </>
      }
    >
      {children}
    </SheetForm>
  );
}
