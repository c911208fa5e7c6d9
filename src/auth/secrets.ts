import { hash, randomBytes } from "node:crypto";

const secretBytes = 32;
const secretPattern = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits as base64url: nobody guesses it, so whoever brings it was given it. */
export const newSecret = (): string => randomBytes(secretBytes).toString("base64url");

/** True for what could be a secret of ours; anything else need not be looked up. */
export const isSecret = (value: string): boolean => secretPattern.test(value);

/** Secrets whose hashes are known; a shop's screens are fewer. */
const hashesInMemory = 1_000;
const hashes = new Map<string, string>();

/** What is kept of a secret: it is found again by it, and cannot be read from it. A screen brings the same one with every request. */
export function hashOfSecret(secret: string): string {
  const known = hashes.get(secret);
  if (known !== undefined) return known;
  const hashed = hash("sha256", secret, "base64url");
  if (hashes.size >= hashesInMemory) hashes.clear();
  hashes.set(secret, hashed);
  return hashed;
}
