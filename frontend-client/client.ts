import type { RouteBody, RouteId, RouteQuery } from "@status-board/contracts";
import type { RouteResult } from "./result.ts";

/** What one call sends. `id` fills the path's `{id}`. */
export type CallInput<Id extends RouteId> = {
  id?: string;
  query?: Partial<RouteQuery<Id>>;
  body?: RouteBody<Id>;
  signal?: AbortSignal;
};

/** Every operation of the API as a method named by its route id. */
export type StatusBoardClient = {
  readonly [Id in RouteId]: (input?: CallInput<Id>) => Promise<RouteResult<Id>>;
};
