import type { ApiError, RouteId, RouteResponse } from "@status-board/contracts";

/** A failure that no server named: the network, a time limit, the caller's own abort, or an answer that is none. */
export interface TransportError {
  code: "network" | "timeout" | "aborted" | "bad_answer";
  message: string;
  /** The server's where it gave one, else the one that was sent. */
  correlationId: string;
  /** The HTTP status, where there was an answer at all. */
  status?: number;
}
/** Why a call failed. `retryAfterMs` is how long the server asks to wait before the next try, if it does. */
export type ClientError = (ApiError | TransportError) & { retryAfterMs?: number };

/** What a call comes to. Failures are values: a client never throws for what the network or a server does. */
export type Result<Data> = { ok: true; data: Data } | { ok: false; error: ClientError };
export type RouteResult<Id extends RouteId> = Result<RouteResponse<Id>>;
