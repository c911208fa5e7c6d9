import { createServer, type ServerResponse } from "node:http";
import type { TestProject } from "vitest/node";
import { type Engine, missingForDynamoDBLocal, startDynamoDBLocal, startDynoxide } from "./engines.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where tests ask for the endpoint of a database; see dynamodb.ts. */
    databasesUrl: string;
    hasDynamoDBLocal: boolean;
  }
}

/**
 * Lends databases to the tests. One is started when a test first asks for it, so that tests that need none wait for
 * none, and all are stopped at the end.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing = missingForDynamoDBLocal();
  if (missing !== undefined && process.env.CI === "true") throw new Error(`DynamoDB Local needs ${missing}`);
  if (missing !== undefined) console.warn(`The tests on DynamoDB Local are left out: no ${missing} here.`);

  const starters = { "/dynoxide": startDynoxide, "/dynamodb-local": startDynamoDBLocal };
  const engines = new Map<string, Promise<Engine>>();

  async function answer(path: string, response: ServerResponse) {
    try {
      const starter = Object.entries(starters).find(([known]) => known === path)?.[1];
      if (starter === undefined) throw new Error(`no database is called ${path}`);
      const engine = engines.get(path) ?? starter();
      engines.set(path, engine);
      response.end((await engine).endpoint);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  }

  const server = createServer((request, response) => void answer(request.url ?? "", response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port for the databases");
  project.provide("databasesUrl", `http://127.0.0.1:${address.port}`);
  project.provide("hasDynamoDBLocal", missing === undefined);

  return async () => {
    server.close();
    server.closeAllConnections();
    for (const started of await Promise.allSettled(engines.values()))
      if (started.status === "fulfilled") await started.value.stop();
  };
}
