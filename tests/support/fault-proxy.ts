import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** One request of a DynamoDB client, as it goes over the wire. */
export interface WireCall {
  /** Such as `UpdateItem`. */
  operation: string;
  input: Record<string, unknown>;
}

/** What happens to a call instead of reaching the database as it is. */
export type Fault =
  /** It is answered here. */
  | { status: number; body: object | string }
  /** The database gets another input. */
  | { input: object }
  /** The database does it, but its answer is lost. */
  | "lose_answer"
  | undefined;

/**
 * Stands between a client and a database: notes every call, and does what a real database will not do on demand.
 * Nothing of the SDK is replaced, so its own retries and its reading of errors are part of what is tested.
 */
export interface FaultProxy {
  endpoint: string;
  calls: WireCall[];
  /** Asked about each call before it is passed on; may do something of its own first. */
  fault: (call: WireCall) => Fault | Promise<Fault>;
  close(): Promise<void>;
}

export const noFault = (): Fault => undefined;

/** An error as DynamoDB words it. */
export const dynamoError = (name: string, status = 400, more: object = {}) => ({
  status,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name, ...more },
});

function parse(json: string): Record<string, unknown> {
  const value: unknown = JSON.parse(json);
  if (typeof value !== "object" || value === null) throw new Error("a call without an object");
  return { ...value };
}

async function forward(target: string, request: IncomingMessage, body: string): Promise<Response> {
  const headers = new Headers();
  for (const name of ["x-amz-target", "content-type", "authorization", "x-amz-date"]) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  return fetch(target, { method: "POST", headers, body });
}

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  async function handle(request: IncomingMessage, response: ServerResponse) {
    const body = await text(request);
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    const call = { operation, input: parse(body) };
    proxy.calls.push(call);
    const fault = await proxy.fault(call);
    response.setHeader("content-type", "application/x-amz-json-1.0");
    if (fault !== undefined && fault !== "lose_answer" && "status" in fault) {
      response.writeHead(fault.status).end(typeof fault.body === "string" ? fault.body : JSON.stringify(fault.body));
      return;
    }
    const answer = await forward(target, request, typeof fault === "object" ? JSON.stringify(fault.input) : body);
    if (fault === "lose_answer") request.socket.destroy();
    else response.writeHead(answer.status).end(await answer.text());
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port for the proxy");
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${address.port}`,
    calls: [],
    fault: noFault,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
