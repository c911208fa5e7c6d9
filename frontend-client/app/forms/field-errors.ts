import type { Issue } from "@status-board/contracts";

/** What is wrong, by the name of the field that says it. */
export type FieldErrors = Readonly<Record<string, string>>;

/** The server's messages that say it in a programmer's words, and how staff would. */
const plain: readonly [RegExp, (found: string) => string][] = [
  [/^is required$|expected string to have >=1 char/, () => "Please fill this in."],
  [/expected string to have <=(\d+) char/, (most) => `At most ${most} characters.`],
  [/expected array to have <=(\d+) item/, (most) => `At most ${most} of them.`],
  [/expected (?:number|int) to be <=(\d+)/, (most) => `At most ${most}.`],
  [/expected (?:number|int) to be >=(\d+)/, (least) => `At least ${least}.`],
  [/expected (?:number|int)\b/, () => "This has to be a whole number."],
  [/^Invalid email/, () => "This is not an email address."],
  [/control characters|well-formed Unicode/, () => "This holds signs that can't be kept. Type it anew."],
  [/^must not be before start$/, () => "This is before the start."],
  [/^names no technician/, () => "This technician is not with the shop any more."],
  [/^names a retired service$/, () => "It is retired. Take it off to save."],
  [/^names no service/, () => "It is not on the list of services any more. Take it off to save."],
  [/^the card would take more than/, () => "This is more text than a card holds. Shorten the notes."],
];

/** The server's words for one field, made plain. What it says plainly already only gets the look of a sentence. */
export function plainWords(message: string): string {
  for (const [pattern, say] of plain) {
    const found = pattern.exec(message);
    if (found) return say(found[1] ?? "");
  }
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  return /[.?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/**
 * The server's issues at the form's fields. A path goes to the field of its name or to the one that it lies within
 * (`serviceCodes.0` to `serviceCodes`, its words led in by `nameOf`). `rest` is what no field can show.
 */
export function fieldErrorsOf(
  issues: readonly Issue[],
  fields: readonly string[],
  nameOf: (path: string) => string | undefined = () => undefined,
): { errors: FieldErrors; rest: string[] } {
  const errors: Record<string, string> = {};
  const rest: string[] = [];
  for (const { path, message } of issues) {
    const field = fields.find((name) => path === name || path.startsWith(`${name}.`));
    const name = nameOf(path);
    const words = `${name === undefined ? "" : `${name}: `}${plainWords(message)}`;
    if (field === undefined) rest.push(words);
    else errors[field] = field in errors ? `${errors[field]} ${words}` : words;
  }
  return { errors, rest };
}
