import { type Endpoint, endpoints, type RouteId } from "@status-board/contracts";
import type { RouteMatch } from "./message.ts";

type Methods = Map<string, RouteId>;

const fixed = new Map<string, Methods>();
const patterns = new Map<string, { expression: RegExp; methods: Methods }>();

for (const [routeId, { path, method }] of Object.entries<Endpoint>(endpoints) as [RouteId, Endpoint][]) {
  if (!path.includes("{id}")) {
    fixed.set(path, (fixed.get(path) ?? new Map()).set(method, routeId));
    continue;
  }
  const known = patterns.get(path);
  const expression = new RegExp(`^${path.replace("{id}", "([^/]+)")}$`);
  patterns.set(path, { expression, methods: (known?.methods ?? new Map()).set(method, routeId) });
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
