import { useState } from "react";
import { ulid } from "ulid";
import type { ClientError } from "../../result.ts";

/** Names the tries of one write, so that sending it again has no second effect (HT5). */
export interface Attempts {
  /** The mutation id for this input: the same one for the same input, until it is known to be saved. */
  idFor(input: unknown): string;
  /** The write is known to be saved; the same input sent later is another write. */
  done(): void;
}

/** `mint` makes a new id. The page's own is a ULID, because `crypto.randomUUID` is missing on plain http. */
export function createAttempts(mint: () => string = ulid): Attempts {
  let last: { key: string; id: string } | undefined;
  return {
    idFor(input) {
      const key = JSON.stringify(input);
      if (last?.key !== key) last = { key, id: mint() };
      return last.id;
    },
    done() {
      last = undefined;
    },
  };
}

/** {@link createAttempts} for as long as the component stands. */
export function useAttempts(): Attempts {
  const [attempts] = useState(() => createAttempts());
  return attempts;
}

const unknown: ReadonlySet<ClientError["code"]> = new Set(["network", "timeout", "aborted", "bad_answer", "internal"]);

/** True where a write may have been saved although no answer says so. */
export const mayBeSaved = ({ code }: ClientError): boolean => unknown.has(code);
