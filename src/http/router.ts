import { type Route, type RouteId, routes } from "@status-board/contracts";
import type { RouteMatch } from "./message.ts";

type Methods = Map<string, RouteId>;

const fixed = new Map<string, Methods>();
const patterns = new Map<string, { expression: RegExp; methods: Methods }>();

for (const [routeId, route] of Object.entries<Route>(routes) as [RouteId, Route][]) {
  if (!route.path.includes("{id}")) {
    fixed.set(route.path, (fixed.get(route.path) ?? new Map()).set(route.method, routeId));
    continue;
  }
  const known = patterns.get(route.path);
  const expression = new RegExp(`^${route.path.replace("{id}", "([^/]+)")}$`);
  patterns.set(route.path, { expression, methods: (known?.methods ?? new Map()).set(route.method, routeId) });
}

function matchIn(methods: Methods, method: string, id: string): RouteMatch {
  const routeId = methods.get(method === "HEAD" ? "GET" : method);
  if (routeId !== undefined) return { kind: "route", routeId, id };
  const allow = [...methods.keys()];
  return { kind: "wrong_method", allow: allow.includes("GET") ? [...allow, "HEAD"] : allow };
}

/** Finds the operation of a method and path. A path without parameters wins over one with. */
export function matchRoute(method: string, path: string): RouteMatch {
  const methods = fixed.get(path);
  if (methods !== undefined) return matchIn(methods, method, "");
  for (const pattern of patterns.values()) {
    const match = pattern.expression.exec(path);
    if (match?.[1] !== undefined) return matchIn(pattern.methods, method, match[1]);
  }
  return { kind: "unknown" };
}
