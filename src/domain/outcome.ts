import type { Appointment, ConflictReason, Issue, Service, Shop, Status } from "@status-board/contracts";

/** Why an operation did not do what it was asked. Each kind is the error code of the same name on the wire. */
export type Refusal =
  | { kind: "invalid_request"; issues: readonly Issue[] }
  | { kind: "not_found" }
  | { kind: "forbidden"; message: string }
  | { kind: "rate_limited"; retryAfterMs: number }
  | { kind: "conflict"; reason: ConflictReason }
  | { kind: "revision_gone"; epoch: string; rev: number }
  | { kind: "version_conflict"; current: Appointment | Service | Shop }
  | { kind: "invalid_transition"; from: Status; to: Status; allowed: readonly Status[] };

/**
 * What an operation answers: all that a caller must choose on. Everything else throws. `repeated` marks a creation that
 * had its effect before, which answers 200 instead of 201 (HT5).
 */
export type Outcome<T> = { kind: "ok"; data: T; repeated?: true } | Refusal;

export const ok = <T>(data: T): { kind: "ok"; data: T } => ({ kind: "ok", data });

export const invalid = (path: string, message: string): Refusal => ({
  kind: "invalid_request",
  issues: [{ path, message }],
});

export const notFound: Refusal = { kind: "not_found" };

type Optional<T> = { [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined> };
type Required<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] };

/** The same object without the keys whose value is undefined: an absent field is absent, never undefined. */
export function defined<T extends object>(value: T): Required<T> & Optional<T> {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const entry = value[key as keyof T];
    if (entry !== undefined) result[key] = entry;
  }
  return result as Required<T> & Optional<T>;
}
