import { Combobox } from "@base-ui/react/combobox";
import { Field } from "@base-ui/react/field";
import { limits, type ServiceLine } from "@status-board/contracts";
import { useRef, useState } from "react";
import { fieldStyles } from "../forms/fields.tsx";
import { IconButton } from "../shared/button.tsx";
import { minutesInWords, money } from "../shared/format.ts";
import { Icon } from "../shared/icon.tsx";
import { useSession } from "../shared/session.ts";
import { formFields } from "./card-form.ts";
import styles from "./service-picker.module.css";
import { useServiceSearch } from "./use-service-search.ts";

interface ServicePickerProps {
  services: readonly ServiceLine[];
  onChange: (services: readonly ServiceLine[]) => void;
}

/** The services of an appointment: found by code or name among the shop's active ones, and taken off again. */
export function ServicePicker({ services, onChange }: ServicePickerProps) {
  const { shop } = useSession().me;
  const [text, setText] = useState("");
  const [isOpen, setOpen] = useState(false);
  const { items, words } = useServiceSearch(text, isOpen);
  const { field, label } = formFields.services;
  const root = useRef<HTMLDivElement>(null);
  return (
    <Field.Root ref={root} name={field} className={`${fieldStyles.field} ${fieldStyles.wide}`}>
      <Combobox.Root
        multiple
        items={items}
        filter={null}
        open={isOpen}
        onOpenChange={setOpen}
        inputValue={text}
        onInputValueChange={setText}
        value={[...services]}
        onValueChange={(chosen, details) => {
          // Escape would take all services off; here it only closes what it closes elsewhere.
          if (details.reason === "escape-key") return details.allowPropagation();
          onChange(chosen);
          setText("");
        }}
        isItemEqualToValue={(item, value) => item.code === value.code}
        itemToStringLabel={({ name }) => name}
        autoHighlight
      >
        <Field.Label className={fieldStyles.label}>{label}</Field.Label>
        <Combobox.InputGroup className={styles.group}>
          <Icon name="search" />
          <Combobox.Input
            className={`${fieldStyles.control} ${styles.input}`}
            placeholder="Search by code or name"
            maxLength={limits.searchMaxCharacters}
          />
        </Combobox.InputGroup>
        <Combobox.Portal container={root}>
          <Combobox.Positioner className={styles.positioner} sideOffset={4} positionMethod="fixed">
            <Combobox.Popup className={styles.popup}>
              <Combobox.Status className={styles.words}>{words}</Combobox.Status>
              <Combobox.List>
                {(service: ServiceLine) => (
                  <Combobox.Item key={service.code} value={service} className={styles.item}>
                    <span className={styles.mark}>
                      <Combobox.ItemIndicator>
                        <Icon name="check" />
                      </Combobox.ItemIndicator>
                    </span>
                    <ServiceWords service={service} />
                    <span className={styles.price}>{money(service.priceCents, shop)}</span>
                  </Combobox.Item>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
      <ul aria-label="Chosen services" className={styles.chosen}>
        {services.map((service) => (
          <li key={service.code} className={styles.line}>
            <ServiceWords service={service} />
            <span className={styles.price}>{money(service.priceCents, shop)}</span>
            <IconButton
              icon="close"
              label={`Take off ${service.name}`}
              onClick={() => onChange(services.filter(({ code }) => code !== service.code))}
            />
          </li>
        ))}
      </ul>
      <Field.Error className={fieldStyles.error} />
    </Field.Root>
  );
}

function ServiceWords({ service: { code, name, minutes } }: { service: ServiceLine }) {
  return (
    <span className={styles.name}>
      {name} <span className={styles.quiet}>{`${code} · ${minutesInWords(minutes)}`}</span>
    </span>
  );
}
