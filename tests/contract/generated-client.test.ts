import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@hey-api/openapi-ts";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { type StartedServer, startServer } from "../../scripts/testing/started-server.ts";
import { root, tool } from "../package/packed.ts";

/*
 * What somebody gets who knows nothing of this repository: a client that a generator makes of /openapi.json. It is type-checked
 * together with a program that uses it, and the program then works on a real server.
 */
const program = `import * as board from "./client/index.ts";
import { createClient } from "./client/client/index.ts";

/** A card's way through a day, as a stranger writes it: every name and type below comes from the document. */
export async function aDay(baseUrl: string, date: string): Promise<string[]> {
  const client = createClient({ baseUrl });
  const told: string[] = [];
  const created = await board.createAppointment({
    client,
    body: {
      start: \`\${date}T09:00:00Z\`,
      end: \`\${date}T10:00:00Z\`,
      customer: { name: "Maria Keller" },
      vehicle: { plate: "B-MK 77" },
      serviceCodes: [],
    },
  });
  const card: board.Appointment | undefined = created.data?.data;
  if (card === undefined) throw new Error(created.error?.error.message);
  const status: "scheduled" | "in_progress" | "ready" | "completed" | "no_show" = card.status;
  told.push(\`\${status} v\${card.version}\`);

  const move = { client, path: { id: card.id } };
  const moved = await board.moveAppointment({ ...move, body: { newStatus: "in_progress", expectedVersion: card.version } });
  told.push(\`\${moved.data?.data.status} v\${moved.data?.data.version}\`);

  const stale = await board.moveAppointment({ ...move, body: { newStatus: "ready", expectedVersion: card.version } });
  const failure = stale.error?.error;
  if (failure?.code === "version_conflict" && "status" in failure.current)
    told.push(\`\${failure.code}: \${failure.current.status} v\${failure.current.version}\`);

  const wrong = await board.getBoard({ client, query: { date: "yesterday" } });
  if (wrong.error?.error.code === "invalid_request")
    told.push(\`\${wrong.response?.status} \${wrong.error.error.issues.map(({ path }) => path).join()}\`);

  const answer = (await board.getBoard({ client, query: { date } })).data?.data;
  told.push(\`\${answer?.columns.in_progress.count} in progress\`);
  const stats = (await board.getStats({ client, query: { date } })).data?.data;
  told.push(\`\${stats?.jobsToday} today\`);
  const removed = await board.removeAppointment({ ...move, query: { expectedVersion: 2 } });
  told.push(\`removed v\${removed.data?.data.version}\`);
  return told;
}
`;

const tsconfig = {
  compilerOptions: {
    target: "es2023",
    lib: ["es2023", "dom", "dom.iterable"],
    module: "esnext",
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
    strict: true,
    noEmit: true,
    types: [],
  },
  include: ["."],
};

let server: StartedServer;
let project = "";

beforeAll(async () => {
  server = await startServer({ SHOP_TIME_ZONE: "UTC" });
  // Beside the repository's packages, which the generator and the compiler are taken from.
  mkdirSync(join(root, ".cache"), { recursive: true });
  project = mkdtempSync(join(root, ".cache/stranger-"));
  const document = z.record(z.string(), z.unknown()).parse(await (await fetch(`${server.url}/openapi.json`)).json());
  await createClient({
    input: document,
    output: { path: join(project, "client"), module: { extension: ".ts" } },
    plugins: ["@hey-api/client-fetch", "@hey-api/sdk", "@hey-api/typescript"],
    logs: { level: "silent" },
  });
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(tsconfig));
  writeFileSync(join(project, "a-day.ts"), program);
}, 300_000);
afterAll(async () => {
  rmSync(project, { recursive: true, force: true });
  await server.stop();
});

it("[HT7] a client generated from the document type-checks with a program that uses it", async () => {
  expect(await tool("typescript/bin/tsc", ["-p", project], { cwd: project })).toBe("");
}, 300_000);

it("[HT7] and drives the board: creates, moves, meets a conflict and bad input, reads and removes", async () => {
  const outfile = join(project, "a-day.js");
  await build({ entryPoints: [join(project, "a-day.ts")], outfile, bundle: true, format: "esm", platform: "neutral" });
  const { aDay } = await import(pathToFileURL(outfile).href);
  expect(await aDay(server.url, "2031-03-03")).toEqual([
    "scheduled v1",
    "in_progress v2",
    "version_conflict: in_progress v2",
    "400 date",
    "1 in progress",
    "1 today",
    "removed v3",
  ]);
});
