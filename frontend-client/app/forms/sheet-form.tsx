import { Form } from "@base-ui/react/form";
import type { ReactNode } from "react";
import { Button } from "../shared/button.tsx";
import { SheetBody, SheetFooter, sheetStyles } from "./sheet.tsx";
import type { Told } from "./use-told.ts";
import { WriteTrouble } from "./write-trouble.tsx";

interface SheetFormProps {
  told: Told;
  /** While it is, a submit is none. */
  isBusy: boolean;
  onSubmit: () => void;
  fields: ReactNode;
  /** What stands at the bottom, below what went wrong. */
  children: ReactNode;
}

/** A form that fills a sheet: its fields, and at the bottom its actions. */
export function SheetForm({ told, isBusy, onSubmit, fields, children }: SheetFormProps) {
  return (
    <Form
      className={sheetStyles.form}
      errors={told.errors}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) onSubmit();
      }}
    >
      <SheetBody>{fields}</SheetBody>
      <SheetFooter>
        {told.trouble && <WriteTrouble {...told.trouble} />}
        {children}
      </SheetFooter>
    </Form>
  );
}

interface SheetActionsProps {
  left: string;
  onLeft: () => void;
  submit: string;
}

/** Leaving a form without saving, and saving it. */
export function SheetActions({ left, onLeft, submit }: SheetActionsProps) {
  return (
    <div className={sheetStyles.actions}>
      <Button onClick={onLeft}>{left}</Button>
      <Button kind="primary" type="submit">
        {submit}
      </Button>
    </div>
  );
}
