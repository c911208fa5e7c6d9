/** A request that was answered. */
export interface CountedRequest {
  /** The id of its route, or `none`: one of a fixed set, never what a client made up. */
  route: string;
  status: number;
  durationMs: number;
  /** Refused because the card had changed meanwhile. */
  isConflict: boolean;
}

/** A board's part of a batch that was published. */
export interface CountedPush {
  /** From the write to the post; absent when nobody took one at once. */
  latencyMs?: number;
  revisions: number;
  /** What became of it, in screens. */
  fanOut: { sent: number; gone: number; closed: number };
}

/**
 * Where the core's numbers go: to CloudWatch on AWS, to whoever asks for `/metrics` on one machine. Nothing here throws,
 * waits, or takes more than a few microseconds.
 */
export interface Metrics {
  request(request: CountedRequest): void;
  published(push: CountedPush): void;
  /** A screen subscribed: with nothing, with all that it missed, or to begin anew though it had something. */
  subscribed(how: "fresh" | "resumed" | "refetched"): void;
}
