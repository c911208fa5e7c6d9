import { useState } from "react";
import type { ClientError } from "../../result.ts";
import { type FieldErrors, fieldErrorsOf } from "./field-errors.ts";

const none: FieldErrors = {};

/** What a form has to say of its last try: at its fields, and of what no field can say. */
export interface Told {
  errors: FieldErrors;
  trouble: { error: ClientError; words?: string } | undefined;
  /** Tells what the form found wrong itself. */
  wrong: (errors: FieldErrors) => void;
  /** Forgets what went wrong with a try before; what is said at fields goes as they are changed. */
  again: () => void;
  /** Tells why a write failed, in other words where some are given. `nameOf` names what an issue's path is about. */
  tell: (error: ClientError, words?: string, nameOf?: (path: string) => string | undefined) => void;
}

/** Keeps what a form with these fields has to say. */
export function useTold(fields: readonly string[]): Told {
  const [errors, setErrors] = useState(none);
  const [trouble, setTrouble] = useState<Told["trouble"]>();
  return {
    errors,
    trouble,
    wrong: setErrors,
    again: () => setTrouble(undefined),
    tell: (error, words, nameOf) => {
      const told = error.code === "invalid_request" ? fieldErrorsOf(error.issues, fields, nameOf) : undefined;
      const said = words ?? told?.rest.join(" ");
      if (told) setErrors(told.errors);
      if (said !== "") setTrouble({ error, ...(said !== undefined && { words: said }) });
    },
  };
}
