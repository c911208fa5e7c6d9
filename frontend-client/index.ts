export * from "./client.ts";
export { type Columns, columnsOf, type Placed } from "./columns.ts";
export * from "./live-board.ts";
export type { Replica } from "./replica.ts";
export type * from "./replica-input.ts";
export type { ClientError, Result, RouteResult, TransportError } from "./result.ts";
export { createStatusBoard } from "./status-board.ts";
export type * from "./types.ts";
