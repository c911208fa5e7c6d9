import { limits, type Named } from "@status-board/contracts";
import { useEffect } from "react";
import { ChoiceField, FieldGroup, fieldStyles, LongTextField, TextField } from "../forms/fields.tsx";
import { dayOf } from "../shared/days.ts";
import { money, shortDayName, timeOf } from "../shared/format.ts";
import { useSession } from "../shared/session.ts";
import { type CardForm, type FormKey, formFields } from "./card-form.ts";
import { ServicePicker } from "./service-picker.tsx";
import { momentOf } from "./wall-time.ts";

interface CardFieldsProps {
  form: CardForm;
  onChange: (form: CardForm) => void;
  /** On the card already; he stays choosable although he has left the shop. */
  technician?: Named | undefined;
}

type TextKey = Exclude<FormKey, "services">;

/** All that can be typed of an appointment, for new ones and for edits. */
export function CardFields({ form, onChange, technician }: CardFieldsProps) {
  const { me, technicians, renewTechnicians } = useSession();
  useEffect(() => void renewTechnicians(), [renewTechnicians]);
  const { shop } = me;
  const named = (key: TextKey) => ({
    name: formFields[key].field,
    label: formFields[key].label,
    value: form[key],
    onChange: (value: string) => onChange({ ...form, [key]: value }),
  });
  const isThere = technicians.some(({ id }) => id === technician?.id);
  const choices = technician === undefined || isThere ? technicians : [...technicians, technician];
  const totalCents = form.services.reduce((sum, { priceCents }) => sum + priceCents, 0);
  return (
    <>
      <FieldGroup title="Customer" fit="roomy">
        <TextField
          {...named("name")}
          isRequired
          className={fieldStyles.wide}
          input={{ maxLength: limits.nameMaxCharacters }}
        />
        <TextField {...named("phone")} input={{ type: "tel", maxLength: limits.phoneMaxCharacters }} />
        <TextField
          {...named("email")}
          input={{ inputMode: "email", autoCapitalize: "off", maxLength: limits.emailMaxCharacters }}
        />
      </FieldGroup>
      <FieldGroup title="Vehicle" fit="pairs">
        <TextField {...named("make")} input={{ maxLength: limits.vehicleTextMaxCharacters }} />
        <TextField {...named("model")} input={{ maxLength: limits.vehicleTextMaxCharacters }} />
        <TextField {...named("year")} input={{ inputMode: "numeric", maxLength: 4 }} />
        <TextField
          {...named("plate")}
          input={{ maxLength: limits.plateMaxCharacters, autoCapitalize: "characters", spellCheck: false }}
        />
        <TextField
          {...named("vin")}
          className={fieldStyles.wide}
          input={{ maxLength: limits.vinMaxCharacters, autoCapitalize: "characters", spellCheck: false }}
        />
      </FieldGroup>
      <FieldGroup title="Work">
        <ServicePicker services={form.services} onChange={(services) => onChange({ ...form, services })} />
        <ChoiceField {...named("technicianId")} className={fieldStyles.wide}>
          <option value="">Nobody yet</option>
          {choices.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </ChoiceField>
      </FieldGroup>
      <FieldGroup title="When">
        <TextField {...named("date")} isRequired input={{ type: "date" }} />
        <TextField {...named("time")} isRequired input={{ type: "time" }} />
        <TextField
          {...named("minutes")}
          isRequired
          hint={endWords(form, shop)}
          input={{ inputMode: "numeric", maxLength: 5 }}
        />
      </FieldGroup>
      <FieldGroup title="Promised to the customer" fit="roomy">
        <TextField {...named("promisedTime")} input={{ type: "time" }} />
        <TextField
          {...named("promisedDate")}
          input={{ type: "date" }}
          hint="The same day, unless you choose another."
        />
      </FieldGroup>
      <FieldGroup title="Money and notes">
        <TextField
          {...named("paid")}
          label={`Paid (${shop.currency})`}
          hint={`Of ${money(totalCents, shop)}.`}
          input={{ inputMode: "decimal", maxLength: 20 }}
        />
        <LongTextField {...named("notes")} className={fieldStyles.wide} maxLength={limits.notesMaxCharacters} />
      </FieldGroup>
    </>
  );
}

/** When an appointment of that start and length ends: "until 10:30". */
function endWords(form: CardForm, shop: { timeZone: string; locale: string }): string | undefined {
  const start = momentOf(form, shop.timeZone);
  const minutes = Number(form.minutes);
  if (typeof start === "string" || !/^\d{1,5}$/.test(form.minutes.trim())) return undefined;
  const end = Date.parse(start.at) + minutes * 60_000;
  const day = dayOf(end, shop.timeZone);
  return `until ${day === form.date ? "" : `${shortDayName(day, shop)}, `}${timeOf(end, shop)}`;
}
