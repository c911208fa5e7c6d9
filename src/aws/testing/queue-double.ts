import { hash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import * as z from "zod";

/** Stands in for a queue of SQS, over the wire. */
export interface QueueDouble {
  url: string;
  /** What was put into it, as JSON. */
  bodies: unknown[];
  /** How it answers; `works` at first. */
  mood: "works" | "fails" | "hangs";
}

const inputSchema = z.object({ QueueUrl: z.string(), MessageBody: z.string() });

/** Starts one for the test under way. */
export async function openQueueDouble(): Promise<QueueDouble> {
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { MessageBody } = inputSchema.parse(JSON.parse(await text(request)));
    if (request.headers["x-amz-target"] !== "AmazonSQS.SendMessage") return void response.writeHead(400).end();
    if (double.mood === "hangs") return;
    response.setHeader("content-type", "application/x-amz-json-1.0");
    if (double.mood === "fails") return void response.writeHead(500).end(JSON.stringify({ __type: "InternalFailure" }));
    double.bodies.push(JSON.parse(MessageBody));
    response.end(JSON.stringify({ MessageId: "m1", MD5OfMessageBody: hash("md5", MessageBody) }));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port for the double");
  const url = `http://127.0.0.1:${address.port}/123456789012/set-aside`;
  const double: QueueDouble = { url, bodies: [], mood: "works" };
  return double;
}
