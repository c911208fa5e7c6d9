import { hash, randomBytes } from "node:crypto";

const secretBytes = 32;
const secretPattern = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits as base64url: nobody guesses it, so whoever brings it was given it. */
export const newSecret = (): string => randomBytes(secretBytes).toString("base64url");

/** True for what could be a secret of ours; anything else need not be looked up. */
export const isSecret = (value: string): boolean => secretPattern.test(value);

/** What is kept of a secret: it is found again by it, and cannot be read from it. */
export const hashOfSecret = (secret: string): string => hash("sha256", secret, "base64url");
