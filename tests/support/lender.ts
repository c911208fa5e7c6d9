import { createServer, type ServerResponse } from "node:http";
import type { TestProject } from "vitest/node";
import { builtPage } from "./built-page.ts";
import { fetchDynamoDBLocal, missingForDynamoDBLocal, startDynamoDBLocal, startDynoxide } from "./engines.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where tests ask for what is made once for all of them; see borrow.ts. */
    lenderUrl: string;
    hasDynamoDBLocal: boolean;
  }
}

/** Something that tests share: what they know it by, and the way to end it. */
interface Loan {
  name: string;
  stop: () => Promise<void>;
}

const fromEngine = async (started: ReturnType<typeof startDynoxide>): Promise<Loan> => {
  const { endpoint, stop } = await started;
  return { name: endpoint, stop };
};

const makers: Readonly<Record<string, () => Promise<Loan>>> = {
  "/dynoxide": () => fromEngine(startDynoxide()),
  "/dynamodb-local": () => fromEngine(startDynamoDBLocal()),
  "/page": async () => ({ name: await builtPage(), stop: async () => {} }),
};

/**
 * Lends databases and the built page to the tests. One is made when a test first asks for it, so that tests that need none
 * wait for none, and all are ended at the end.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing = missingForDynamoDBLocal();
  if (missing !== undefined && process.env.CI === "true") throw new Error(`DynamoDB Local needs ${missing}`);
  if (missing !== undefined) console.warn(`The tests on DynamoDB Local are left out: no ${missing} here.`);
  // Before the first test, since its time would run meanwhile.
  else await fetchDynamoDBLocal();

  const loans = new Map<string, Promise<Loan>>();

  async function answer(path: string, response: ServerResponse) {
    try {
      const make = makers[path];
      if (make === undefined) throw new Error(`nothing is called ${path}`);
      const loan = loans.get(path) ?? make();
      loans.set(path, loan);
      response.end((await loan).name);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  }

  const server = createServer((request, response) => void answer(request.url ?? "", response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port for the lender");
  project.provide("lenderUrl", `http://127.0.0.1:${address.port}`);
  project.provide("hasDynamoDBLocal", missing === undefined);

  return async () => {
    server.close();
    server.closeAllConnections();
    for (const made of await Promise.allSettled(loans.values()))
      if (made.status === "fulfilled") await made.value.stop();
  };
}
