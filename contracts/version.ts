/** The protocol that this package speaks. It rises whenever a schema on the wire changes. */
export const PROTOCOL_VERSION = 1;

/** A server serves this version and the one before it (HT7). */
export const oldestServedProtocolVersion = Math.max(1, PROTOCOL_VERSION - 1);

/**
 * Every version the protocol has had, newest last. `fingerprint` is the SHA-256 of the JSON schemas of all operations:
 * a test recomputes it, so that no schema changes without a new version.
 */
export const protocolHistory: readonly { version: number; release: string; changes: string; fingerprint: string }[] = [
  {
    version: 1,
    release: "0.1.0",
    changes: "The board over HTTP.",
    fingerprint: "6f51f115792c23278964cb077c4d28b6441013a59e5d4df69ae1a0bec4b641c7",
  },
];
