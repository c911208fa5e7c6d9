import { noQuery, type Route, routes } from "@status-board/contracts";
import { expect, it } from "vitest";
import { allHandlers } from "./all-handlers.ts";
import type { Parsing } from "./parse.ts";

it.each(Object.entries<Parsing>(allHandlers))("[HT2] %s is parsed by the contract's own schemas", (id, handler) => {
  const route = Object.entries<Route>(routes).find(([routeId]) => routeId === id)?.[1];
  expect(handler.query ?? noQuery).toBe(route?.query);
  expect(handler.body ?? null).toBe(route?.body);
});
