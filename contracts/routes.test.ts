import { describe, expect, it } from "vitest";
import * as z from "zod";
import { statuses } from "./appointment.ts";
import { type ErrorCode, errorStatus } from "./error-codes.ts";
import { errorSchema, failureSchema } from "./errors.ts";
import { type Role, roles } from "./roles.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";
import { card } from "./testing/samples.ts";

const list = Object.entries<Route>(routes);
const rolesOf = ({ roles: named }: Route): readonly Role[] => (named === "public" ? roles : named);
const lowest = (route: Route) => roles.find((role) => rolesOf(route).includes(role));

/** The names of all properties that a JSON schema describes, at whatever depth. */
function propertiesOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const named =
    "properties" in schema && typeof schema.properties === "object" ? Object.keys(schema.properties ?? {}) : [];
  return [...named, ...Object.values(schema).flatMap(propertiesOf)];
}

describe("the list of operations", () => {
  it("[AU1] names the roles of every operation", () => {
    for (const [id, { roles: named }] of list) {
      const known = named === "public" || (named.length > 0 && named.every((role) => roles.includes(role)));
      expect([id, known]).toEqual([id, true]);
    }
  });

  it("[AU1] leaves nothing public under /api", () => {
    for (const [id, { path, roles: named }] of list)
      if (path.startsWith("/api/")) expect([id, named]).not.toEqual([id, "public"]);
  });

  it("[AU4] lets each role do all that the one below it may", () => {
    for (const [id, route] of list)
      expect([id, rolesOf(route)]).toEqual([id, roles.slice(roles.length - rolesOf(route).length)]);
  });

  it("[AU4] lets a viewer write nothing", () => {
    // Whoever enters a pairing code is nobody yet.
    for (const [id, route] of list)
      if (id !== "claimPairing" && (route.body !== null || ["PATCH", "DELETE"].includes(route.method)))
        expect([id, rolesOf(route).includes("viewer")]).toEqual([id, false]);
  });

  it("[AU4] lets technicians move, advisors write cards, and managers alone services and the shop", () => {
    const expected: Record<string, Role> = {
      moveAppointment: "technician",
      undoMove: "technician",
      createAppointment: "advisor",
      editAppointment: "advisor",
      removeAppointment: "advisor",
      createService: "manager",
      editService: "manager",
      removeService: "manager",
      editShop: "manager",
      listDevices: "manager",
      createPairing: "manager",
      renameDevice: "manager",
      revokeDevice: "manager",
    };
    for (const [id, route] of list) if (id in expected) expect([id, lowest(route)]).toEqual([id, expected[id]]);
  });

  it("[AU6] keeps services, single cards, histories and the shop's settings from a viewer", () => {
    for (const [id, route] of list)
      if (/\/(services|shop|devices|history|audit)|\{id\}/.test(route.path))
        expect([id, rolesOf(route).includes("viewer")]).toEqual([id, false]);
  });

  it("[AU6] answers a viewer with no field that is not on the list", () => {
    const card =
      "id date version status rank start end promisedAt checkInAt checkOutAt customer name vehicle make model";
    const rest =
      "plate services technician carriedFrom columns items count removed epoch rev head changes type ops op card at";
    const figures = "jobsToday onPrem statusCounts late averageCycleMinutes";
    const other = "movedTo ticket expiresAt url time openapi asyncapi signedOut signIn pairing";
    const own = "backupAgeSeconds diskFreeBytes warnings";
    const me = "user shop role session timeZone currency locale";
    const listed = new Set([card, rest, figures, other, own, me, ...statuses].join(" ").split(" "));
    for (const [id, route] of list) {
      if (!rolesOf(route).includes("viewer")) continue;
      const schema = z.toJSONSchema(route.viewerResponse ?? route.response, { unrepresentable: "any" });
      expect([id, propertiesOf(schema).filter((name) => !listed.has(name))]).toEqual([id, []]);
    }
  });

  it("[HT2] has no two operations at one method and path", () => {
    const places = list.map(([, { method, path }]) => `${method} ${path}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it("[HT2] names only known codes among an operation's failures, and not_found wherever an id stands", () => {
    const codes = Object.keys(errorStatus);
    for (const [id, { errors, path }] of list) {
      expect([id, errors.filter((code) => !codes.includes(code))]).toEqual([id, []]);
      if (path.includes("{id}")) expect([id, errors.includes("not_found")]).toEqual([id, true]);
    }
  });

  it("[AP2] has a version conflict among the failures of every write that names a version", () => {
    for (const [id, { body, query, errors }] of list) {
      const names = [body, query].some((schema) =>
        JSON.stringify(schema?.safeParse({}).error?.issues ?? "").includes("expectedVersion"),
      );
      expect([id, errors.includes("version_conflict")]).toEqual([id, names]);
    }
  });

  it("[HT5] takes a mutation id with every write of an appointment, a service or the shop but a creation", () => {
    const unknownKeys = (route: Route) =>
      (route.body ?? route.query)
        .safeParse({ mutationId: "m1" })
        .error?.issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : [])) ?? [];
    for (const [id, route] of list) {
      const isWrite = route.errors.includes("version_conflict") || id === "createService";
      if (isWrite) expect([id, unknownKeys(route)]).toEqual([id, []]);
    }
    expect(unknownKeys(routes.createAppointment)).toEqual(["mutationId"]);
  });
});

describe("error codes", () => {
  const statusOfCode: Record<string, number> = {
    invalid_request: 400,
    unauthenticated: 401,
    forbidden: 403,
    not_found: 404,
    method_not_allowed: 405,
    conflict: 409,
    version_conflict: 409,
    invalid_transition: 409,
    revision_gone: 410,
    payload_too_large: 413,
    unsupported_media_type: 415,
    rate_limited: 429,
    internal: 500,
    unavailable: 503,
  };
  const base = { message: "No.", correlationId: "c1" };
  const extras: Partial<Record<ErrorCode, object>> = {
    invalid_request: { issues: [{ path: "customer.name", message: "is required" }] },
    conflict: { reason: "id_reused" },
    version_conflict: { current: card },
    invalid_transition: { from: "ready", to: "scheduled", allowed: ["in_progress"] },
    revision_gone: { epoch: "e1", rev: 5 },
  };

  it("[HT2] are a closed set with one status each", () => {
    expect(errorStatus).toEqual(statusOfCode);
    expect(errorSchema.options.map(({ shape }) => shape.code.value).toSorted()).toEqual(
      Object.keys(statusOfCode).toSorted(),
    );
    expect(errorSchema.safeParse({ code: "teapot", ...base }).success).toBe(false);
  });

  it("[HT1] come in one envelope, each with what it has to tell", () => {
    for (const { shape } of errorSchema.options) {
      const code = shape.code.value;
      const error = { code, ...base, ...extras[code] };
      expect(failureSchema.parse({ ok: false, error })).toEqual({ ok: false, error });
      expect([code, failureSchema.safeParse({ ok: true, error }).success]).toEqual([code, false]);
      if (extras[code]) expect([code, errorSchema.safeParse({ code, ...base }).success]).toEqual([code, false]);
    }
  });

  it("[HT2] give a conflict one of four reasons", () => {
    const reason = (value: string) => errorSchema.safeParse({ code: "conflict", ...base, reason: value }).success;
    expect(["duplicate_code", "id_reused", "id_deleted", "mutation_reused", "other"].map(reason)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it("[MV2] carry the whole current card, no field of it lost", () => {
    const error = { code: "version_conflict", ...base, current: card };
    expect(errorSchema.parse(error)).toStrictEqual(error);
  });
});
