const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Why no load may be put on this address, or undefined if it may: it is this machine, or its origin is on the list. */
export function whyNot(url: string, allowed: readonly string[]): string | undefined {
  if (!URL.canParse(url) || !/^https?:\/\//.test(url)) return `${url} is no http or https address`;
  const { origin, hostname, username, password, pathname, search, hash } = new URL(url);
  if (username || password || pathname !== "/" || search || hash) return `${url} must be an origin and nothing more`;
  if (loopback.test(hostname) || allowed.includes(origin)) return undefined;
  return `${origin} is neither this machine nor in scripts/load-targets.txt; a load is put on nothing else`;
}

/** The origins of a list, one a line; `#` begins a comment. */
export const originsOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .map((line) => new URL(line).origin);
