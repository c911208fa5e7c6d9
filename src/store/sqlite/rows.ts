import type { SQLOutputValue } from "node:sqlite";

/** A column that holds text. */
export function text(value: SQLOutputValue | undefined): string {
  if (typeof value !== "string") throw new Error("a column does not hold text");
  return value;
}

/** A column that holds a whole number. */
export function integer(value: SQLOutputValue | undefined): number {
  if (typeof value !== "number") throw new Error("a column does not hold a number");
  return value;
}
