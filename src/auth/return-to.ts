import { limits } from "@status-board/contracts";

const elsewhere = "http://nowhere.invalid";
// biome-ignore lint/suspicious/noControlCharactersInRegex: a browser drops some of them, and reads another address
const misleading = /[\\\u0000-\u0020\u007f]/;

/**
 * The path to come back to after signing in: itself where it is a path of this site, else `/` (AU2). It is judged as a
 * browser reads it, before and after dots are resolved: `//evil.test`, `/\evil.test` and `/.//evil.test` name others.
 */
export function returnPath(given: string | undefined): string {
  if (given === undefined || given.length > limits.returnToMaxCharacters) return "/";
  if (!given.startsWith("/") || given.startsWith("//") || misleading.test(given) || !given.isWellFormed()) return "/";
  if (!URL.canParse(given, elsewhere)) return "/";
  const { origin, pathname, search, hash } = new URL(given, elsewhere);
  const isOurs = origin === elsewhere && !pathname.startsWith("//");
  // To land on a step of the sign-in itself would begin it anew, or fail.
  return isOurs && !pathname.startsWith("/auth/") ? pathname + search + hash : "/";
}
