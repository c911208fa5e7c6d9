import { inject } from "vitest";

/** What is made once for all tests, by its name at the lender; made when nobody has asked for it yet. */
export async function borrow(name: "dynoxide" | "dynamodb-local" | "page"): Promise<string> {
  const response = await fetch(`${inject("lenderUrl")}/${name}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
