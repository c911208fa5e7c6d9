import { Field } from "@base-ui/react/field";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import styles from "./fields.module.css";

interface FieldProps {
  /** The path by which errors find the field. */
  name: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** What helps to fill it in; readers hear it with the field. */
  hint?: ReactNode;
  isRequired?: boolean;
  className?: string | undefined;
}

type InputProps = Pick<
  ComponentProps<"input">,
  "type" | "inputMode" | "maxLength" | "placeholder" | "autoFocus" | "autoCapitalize" | "spellCheck"
>;

/**
 * A field with its label, hint and error, tied together for readers. What is typed is the customer's, not the typist's,
 * so browsers are asked not to fill it in.
 */
export function TextField({ input, ...field }: FieldProps & { input?: InputProps }) {
  return <LabelledField {...field} control={<input autoComplete="off" {...input} />} />;
}

/** A field of several lines that grows with its text. */
export function LongTextField({ maxLength, ...field }: FieldProps & { maxLength: number }) {
  return (
    <LabelledField
      {...field}
      control={<textarea rows={3} maxLength={maxLength} className={styles.long} autoComplete="off" />}
    />
  );
}

/** A choice of one; the device's own list, which every phone and reader knows. */
export function ChoiceField({ children, ...field }: FieldProps & { children: ReactNode }) {
  return <LabelledField {...field} control={<select>{children}</select>} />;
}

function LabelledField(props: FieldProps & { control: ReactElement<{ className?: string }> }) {
  const { name, label, value, onChange, hint, isRequired, className = "", control } = props;
  return (
    <Field.Root name={name} className={`${styles.field} ${className}`}>
      <Field.Label className={styles.label}>
        {label}
        {isRequired && <span className={styles.required}> required</span>}
      </Field.Label>
      <Field.Control
        render={control}
        value={value}
        onValueChange={onChange}
        aria-required={isRequired || undefined}
        className={`${styles.control} ${control.props.className ?? ""}`}
      />
      {hint && <Field.Description className={styles.hint}>{hint}</Field.Description>}
      <Field.Error className={styles.error} />
    </Field.Root>
  );
}

interface FieldGroupProps {
  title: string;
  /** `roomy` for fields whose text is long; `pairs` for two side by side and never three. Default as many as fit. */
  fit?: "roomy" | "pairs";
  children: ReactNode;
}

/** Fields that belong together, under a title. */
export function FieldGroup({ title, fit, children }: FieldGroupProps) {
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{title}</legend>
      <div className={`${styles.grid} ${fit === undefined ? "" : styles[fit]}`}>{children}</div>
    </fieldset>
  );
}

/** The field of that name, to give it the focus. */
export const findField = (name: string) => document.querySelector<HTMLElement>(`[name="${name}"]`);

export const fieldStyles = styles;
