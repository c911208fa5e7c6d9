import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  ReplicatedWriteConflictException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from "@aws-sdk/client-dynamodb";
import {
  ExpiredIteratorException,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import type { Item } from "./attributes.ts";

/** Whether one write's condition failed, and the item that it met. */
export interface Verdict {
  failed: boolean;
  item?: Item;
}

/** What an error of the SDK means here; nowhere else is one looked at. */
export type Failure =
  /** Conditions did not hold: one verdict for each write of the call, in their order. */
  | { kind: "refused"; verdicts: readonly Verdict[] }
  /** Somebody else's transaction is at work on the same items. The SDK does not try that again by itself. */
  | { kind: "conflict" }
  /** The database is out of reach or overloaded, after the SDK's own retries. */
  | { kind: "unavailable" }
  /** A call that can never succeed. */
  | { kind: "bug" };

const passingCodes = new Set(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]);
const throttlingNames = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
]);
const timeoutNames = new Set(["TimeoutError", "RequestTimeout", "AbortError"]);

const verdict = (failed: boolean, item: Item | undefined): Verdict => ({ failed, ...(item && { item }) });

function readCancellation({ CancellationReasons: reasons = [] }: TransactionCanceledException): Failure {
  const verdicts = reasons.map(({ Code, Item: item }) => verdict(Code === "ConditionalCheckFailed", item));
  if (verdicts.some(({ failed }) => failed)) return { kind: "refused", verdicts };
  const willPass = reasons.some(({ Code }) => Code !== undefined && passingCodes.has(Code));
  return { kind: willPass ? "conflict" : "bug" };
}

/** Node names what went wrong with a connection by a code such as ECONNRESET. */
function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return timeoutNames.has(error.name) || /^E[A-Z_]+$/.test(code);
}

/** True where a server error was answered with something that the SDK could not even read. */
function isGarbledServerError(error: unknown): boolean {
  if (!(error instanceof Error) || !("$response" in error)) return false;
  const response = error.$response;
  if (typeof response !== "object" || response === null || !("statusCode" in response)) return false;
  return typeof response.statusCode === "number" && response.statusCode >= 500;
}

/** Says what a failed call means. */
export function readFailure(error: unknown): Failure {
  if (error instanceof ConditionalCheckFailedException)
    return { kind: "refused", verdicts: [verdict(true, error.Item)] };
  if (error instanceof TransactionCanceledException) return readCancellation(error);
  const isConflict =
    error instanceof TransactionConflictException ||
    error instanceof TransactionInProgressException ||
    error instanceof ReplicatedWriteConflictException;
  if (isConflict) return { kind: "conflict" };
  const isOverloaded =
    error instanceof DynamoDBServiceException &&
    (throttlingNames.has(error.name) || (error.$metadata.httpStatusCode ?? 0) >= 500);
  return { kind: isOverloaded || isNetworkError(error) || isGarbledServerError(error) ? "unavailable" : "bug" };
}

/** What an error means to one who reads a stream. */
export type StreamFailure =
  /** The place in the stream was asked for too long ago; it can be asked for anew. */
  | "expired"
  /** The place lies before all that the stream still holds. */
  | "trimmed"
  /** There is no such shard, or no such stream, any more. */
  | "gone"
  /** Anything else, which may pass. */
  | "failed";

/** Says what a failed call of a stream means. */
export function readStreamFailure(error: unknown): StreamFailure {
  if (error instanceof ExpiredIteratorException) return "expired";
  if (error instanceof TrimmedDataAccessException) return "trimmed";
  return error instanceof ResourceNotFoundException ? "gone" : "failed";
}
