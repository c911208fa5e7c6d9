import { randomInt, scrypt, timingSafeEqual } from "node:crypto";
import { limits, pairingCodeAlphabet } from "@status-board/contracts";

/**
 * A code has two parts. By the first it is found, so that a wrong try is counted against the one code that it is a try
 * at; the second proves it. Three characters of thirty are enough for all codes of ten minutes, and five are 24 million.
 */
const handleCharacters = 3;

/** A new code. */
export const newPairingCode = (): string =>
  Array.from(
    { length: limits.pairingCodeCharacters },
    () => pairingCodeAlphabet[randomInt(pairingCodeAlphabet.length)],
  ).join("");

/** The part of a code by which it is found. */
export const handleOf = (code: string): string => code.slice(0, handleCharacters);

/**
 * What is kept of the part that proves a code. That part is short, so its hash is a slow one: whoever has stolen a copy
 * of the database needs longer to try them all than a code is good for.
 */
export const hashOfCode = (code: string): Promise<string> =>
  new Promise((resolve, reject) => {
    scrypt(code.slice(handleCharacters), `pairing ${handleOf(code)}`, 32, (error, key) =>
      error ? reject(error) : resolve(key.toString("base64url")),
    );
  });

/** True for equal hashes, in a time that does not tell how much of them is equal. */
export const isSameHash = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
