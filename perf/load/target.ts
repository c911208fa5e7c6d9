import * as z from "zod";

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Where a load may be put, or why not. */
export type Target = { origin: string } | { reason: string };

/**
 * A load may be put on this machine, and on an origin of the list. What is given is the origin as the standard reads the
 * address: tools that read it in ways of their own, such as `0x7f000001` as a name, are not to see it.
 */
export function targetOf(url: string, allowed: readonly string[]): Target {
  if (!URL.canParse(url) || !/^https?:\/\//.test(url)) return { reason: `${url} is no http or https address` };
  const { origin, hostname, username, password, pathname, search, hash } = new URL(url);
  if (username || password || pathname !== "/" || search || hash)
    return { reason: `${url} must be an origin and nothing more` };
  if (loopback.test(hostname) || allowed.includes(origin)) return { origin };
  return { reason: `${origin} is neither this machine nor in scripts/load-targets.txt; a load is put on nothing else` };
}

const healthSchema = z.object({ ok: z.literal(true), data: z.object({ status: z.string() }) });
const answerMaxMs = 5_000;

/** Why there is no board to put a load on; undefined where one answers. Who sends others elsewhere is none. */
export async function whyNoBoard(origin: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`${origin}/health`, { redirect: "manual", signal: AbortSignal.timeout(answerMaxMs) });
    const location = answer.headers.get("location");
    if (location !== null) return `${origin} sends its callers to ${location}; a load follows nobody`;
    const isBoard = answer.status === 200 && healthSchema.safeParse(await answer.json()).success;
    return isBoard ? undefined : `what answers at ${origin} is no status board: ${answer.status} at /health`;
  } catch (error) {
    if (error instanceof SyntaxError) return `what answers at ${origin} is no status board: its /health is no JSON`;
    return `nobody answers at ${origin}`;
  }
}

/** The origins of a list, one a line; `#` begins a comment. */
export const originsOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .map((line) => new URL(line).origin);
