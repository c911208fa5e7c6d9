/** The protocol that this package speaks. It rises whenever a schema on the wire changes. */
export const PROTOCOL_VERSION = 1;

/** A server serves this version and the one before it (HT7). */
export const oldestServedProtocolVersion = /* @__PURE__ */ Math.max(1, PROTOCOL_VERSION - 1);

/**
 * Every version the protocol has had, newest last. `fingerprint` is the SHA-256 of the JSON schemas of all operations:
 * a test recomputes it, so that no schema changes without a new version.
 */
export const protocolHistory: readonly { version: number; release: string; changes: string; fingerprint: string }[] = [
  {
    version: 1,
    release: "0.1.0",
    changes: "The board over HTTP.",
    fingerprint: "3eb20a945d98b870c777e23723765c1da875408af660a28f3d7d6a66946d8126",
  },
];
