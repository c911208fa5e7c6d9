import { hash, timingSafeEqual } from "node:crypto";

/** A key or a secret cannot be read just now; the caller may try again. Its message quotes nothing of it. */
export class KeysUnavailable extends Error {
  override name = "KeysUnavailable";
}

/** Keys that are rotated: one that new things are made with, and others that are still good. */
export interface KeyRing {
  /** The key that new things are made with. */
  current(): Promise<string>;
  /** Whether one of the good keys fits. Before it says no, it looks whether there are newer ones. */
  some(fits: (key: string) => boolean): Promise<boolean>;
}

/** Compares two texts in a time that tells nothing of where they differ. */
export const isSameSecret = (one: string, other: string): boolean =>
  timingSafeEqual(hash("sha256", one, "buffer"), hash("sha256", other, "buffer"));
