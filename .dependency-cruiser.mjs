/** The house's import rules. Each forbids what the table in docs/ARCHITECTURE.md does not allow. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: "\\.test\\.ts$|/testing/|/contract\\.ts$" },
  to: { pathNot: allowed },
});
const external = "^node_modules/";
const builtin = "^(node:)?[a-z_/]+$";

export default {
  forbidden: [
    only("contracts-only-zod", "^contracts/", ["^contracts/", "^node_modules/zod/"], "contracts imports zod alone"),
    only("domain-is-pure", "^src/domain/", ["^src/domain/", "^contracts/"], "domain imports contracts alone"),
    only("store-port", "^src/store/store\\.ts$", ["^src/domain/", "^contracts/"], "the port speaks the domain's words"),
    only(
      "operations-know-ports",
      "^src/operations/",
      [
        "^src/operations/",
        "^src/domain/",
        "^contracts/",
        "^src/store/(live-)?store\\.ts$",
        "^src/auth/",
        "^node:crypto$|^crypto$",
      ],
      "operations know domain, contracts, the store port and auth's types",
    ),
    only(
      "http-knows-operations",
      "^src/http/",
      [
        "^src/http/",
        "^src/operations/",
        "^src/auth/",
        "^contracts/",
        "^src/runtime/",
        "^src/domain/",
        "^src/store/store\\.ts$",
        "^node_modules/zod/",
        builtin,
      ],
      "http parses, authorizes and answers",
    ),
    {
      name: "aws-sdk-stays-in-its-store",
      severity: "error",
      from: {
        path: "^(src|scripts|perf|contracts)/",
        pathNot: "^src/(store/dynamodb|aws)/|^src/.*\\.test\\.ts$|^perf/",
      },
      to: { path: "^node_modules/@aws-sdk/" },
    },
    {
      name: "node-sqlite-stays-in-its-store",
      severity: "error",
      from: { path: "^(src|scripts|contracts)/", pathNot: "^src/store/sqlite/|\\.test\\.ts$" },
      to: { path: "^(node:)?sqlite$" },
    },
    {
      name: "prom-client-stays-in-the-local-root",
      severity: "error",
      from: { path: "^(src|scripts|perf|contracts)/", pathNot: "^src/local/" },
      to: { path: "^node_modules/prom-client/" },
    },
    {
      name: "openid-client-stays-in-auth",
      severity: "error",
      from: { path: "^(src|scripts|perf|contracts)/", pathNot: "^src/auth/" },
      to: { path: "^node_modules/openid-client/" },
    },
    {
      name: "roots-are-not-imported",
      severity: "error",
      from: { path: "^(src|contracts|scripts|perf)/", pathNot: "^src/(aws|local|testing)/" },
      to: { path: "^src/(aws|local)/" },
    },
    only(
      "migrations-know-the-store",
      "^scripts/migrat(e|ions)",
      ["^scripts/", "^src/(store|domain)/", "^contracts/", external, builtin],
      "a migration changes what is stored, so it speaks the store's own words; it knows nothing above the store",
    ),
    only(
      "scripts-know-the-wire",
      "^(scripts(?!/migrat(e|ions))|perf)/",
      ["^scripts/", "^perf/", "^contracts/", "^frontend-client/", "^tests/support/engines\\.ts$", external, builtin],
      "scripts and perf use the wire and its client, never src; perf starts the tests' databases",
    ),
    only(
      "client-knows-contracts",
      "^frontend-client/(?!app/|use-)",
      ["^frontend-client/(?!app/|use-)", "^contracts/"],
      "the client knows the wire alone",
    ),
    only(
      "hook-knows-react",
      "^frontend-client/use-",
      ["^frontend-client/(?!app/)", "^contracts/", "^node_modules/(@types/)?react/"],
      "the hook is the client with React",
    ),
    only(
      "page-knows-the-package",
      "^frontend-client/app/",
      ["^frontend-client/", "^contracts/", external, builtin],
      "the page stands on the package beside it",
    ),
    only(
      "live-knows-ports",
      "^src/live/",
      [
        "^src/live/",
        "^src/domain/",
        "^src/auth/",
        "^contracts/",
        "^src/store/(live-)?store\\.ts$",
        "^(node:)?timers/promises$",
      ],
      "the publisher knows domain, contracts and the ports",
    ),
    only(
      "auth-is-apart",
      "^src/auth/",
      ["^src/auth/", "^contracts/", "^(node:)?crypto$", "^node_modules/(openid-client|oauth4webapi)/"],
      "auth knows contracts, and how to speak to an issuer",
    ),
    {
      name: "src-imports-no-scripts-but-the-seeder",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(scripts|perf|tests)/", pathNot: "^scripts/seed/seed-board\\.ts$|^tests/support/" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "nothing-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // What k6 and Artillery run has modules of its own, such as k6/http.
    exclude: { path: "(^|/)dist/|^perf/load/(k6-|artillery-visit|node_modules/)" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "import", "node", "default", "types"],
    },
  },
};
