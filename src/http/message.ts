import type { ErrorCode, RouteId } from "@status-board/contracts";

/** A request as both roots hand it over. Header names are lower case; `query` has no leading `?`. */
export interface HttpRequest {
  method: string;
  path: string;
  query: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body?: Uint8Array | undefined;
  /** There where it comes by the machines' way in: the identity that AWS vouches for, if it does. */
  machine?: { arn: string | undefined };
  /** Whom the root sees at the other end of the connection; no header has a say in it. */
  remoteAddress?: string | undefined;
  /** The version of HTTP that it came by, such as "1.1". */
  httpVersion?: string;
  /** True when it came over TLS, as far as the root sees. */
  isSecure?: boolean;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
  /** Whole Set-Cookie headers; a header of that name may not be joined into one line. */
  cookies?: readonly string[];
  /** The code of a failure, for the log. */
  error?: ErrorCode;
}

/** A request's place in the contract: an operation with the id in its path, or why there is none. */
export type RouteMatch =
  | { kind: "route"; routeId: RouteId; id: string }
  | { kind: "wrong_method"; allow: readonly string[] }
  | { kind: "unknown" };

/** One value of a header; several lines of one header are no value at all but their list. */
export const headerOf = (request: HttpRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
};
