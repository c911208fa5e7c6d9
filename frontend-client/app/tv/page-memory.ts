import type { Failures, Reloaded } from "./reload.ts";

/** What a page tells the one that comes after it in the same tab. */
const keys = { reloaded: "tv.reloaded", failures: "tv.failures" } as const;

const askMs = 10_000;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function read(key: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? "null");
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function write(key: string, value: object): boolean {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** The last reload for a release, as a page of this tab noted it. */
export function readReloaded(): Reloaded | undefined {
  const { release, at } = read(keys.reloaded) ?? {};
  return typeof release === "string" && typeof at === "number" ? { release, at } : undefined;
}

/** False where nothing can be noted, so that the next page would not know of it. */
export const writeReloaded = (reloaded: Reloaded): boolean => write(keys.reloaded, reloaded);

export function readFailures(): Failures | undefined {
  const { count, at } = read(keys.failures) ?? {};
  return typeof count === "number" && typeof at === "number" ? { count, at } : undefined;
}

export const writeFailures = (failures: Failures): boolean => write(keys.failures, failures);

/**
 * Whether the server has a page to give. It is to be asked before each reload that nobody is there to repeat: a
 * browser's own error page would stand there for good.
 */
export async function isServed(): Promise<boolean> {
  const signal = AbortSignal.timeout(askMs);
  const answer = await fetch(location.href, { method: "HEAD", cache: "no-store", signal }).catch(() => undefined);
  return answer?.ok === true;
}
