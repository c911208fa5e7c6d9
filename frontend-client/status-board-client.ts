import type { RouteId } from "@status-board/contracts";
import { type ClientOf, createClient, type StatusBoardClientOptions } from "./client.ts";
import { operations } from "./operations.ts";

/** Every operation of the API as a method named by its route id. */
export type StatusBoardClient = ClientOf<RouteId>;

/** The whole HTTP API. A page that shows a board and nothing else does with less, see `createBoardClient`. */
export const createStatusBoardClient = (options?: StatusBoardClientOptions): StatusBoardClient =>
  createClient(operations, options);
