import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { buffer } from "node:stream/consumers";
import * as z from "zod";

/** A server of this process, on loopback. */
export interface Double {
  url: string;
  close: () => void;
}

async function listen(listener: RequestListener): Promise<Double> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

const operationOf = ({ headers }: IncomingMessage): string =>
  String(headers["x-amz-target"] ?? "")
    .split(".")
    .at(-1) ?? "";

/** The key in each secret. */
export const secretKey = "bench-key-bench-key-bench-key-bench-key";

/** The version of a secret whose rotation is over. */
export const rotated = "11111111-1111-4111-8111-111111111111";

const answers: Record<string, object> = {
  GetSecretValue: { SecretString: JSON.stringify({ key: secretKey }) },
  DescribeSecret: { VersionIdsToStages: { [rotated]: ["AWSCURRENT"] } },
};

/** What stands where Secrets Manager, CodeDeploy and API Gateway's connections would: whoever asks is answered at once. */
export const openAws = (): Promise<Double> =>
  listen(async (request, response) => {
    await buffer(request);
    response
      .setHeader("content-type", "application/x-amz-json-1.1")
      .end(JSON.stringify(answers[operationOf(request)] ?? {}));
  });

/** What calls of the database came to, in capacity units. */
export interface Consumed {
  calls: number;
  read: number;
  written: number;
}

const unitsSchema = z.object({ CapacityUnits: z.number() });
const answerSchema = z.object({ ConsumedCapacity: z.union([unitsSchema, z.array(unitsSchema)]).optional() });
const reads = new Set(["GetItem", "BatchGetItem", "Query"]);

/** Passes calls on to a database, and adds up what it says that each consumed. */
export async function openMeter(database: string): Promise<Double & { take: () => Consumed }> {
  let consumed: Consumed = { calls: 0, read: 0, written: 0 };
  const passing = await listen(async (request, response) => {
    const headers = Object.entries(request.headers).filter(([name]) =>
      /^(x-amz-|content-type|authorization)/.test(name),
    );
    const answer = await fetch(database, {
      method: "POST",
      headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
      body: await buffer(request),
    });
    const text = await answer.text();
    consumed.calls++;
    const { ConsumedCapacity = [] } = answerSchema.parse(JSON.parse(text));
    const isRead = reads.has(operationOf(request));
    for (const { CapacityUnits } of [ConsumedCapacity].flat()) consumed[isRead ? "read" : "written"] += CapacityUnits;
    response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" }).end(text);
  });
  return {
    ...passing,
    take: () => {
      const taken = consumed;
      consumed = { calls: 0, read: 0, written: 0 };
      return taken;
    },
  };
}
