import { hash } from "node:crypto";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { serve } from "./serve.ts";

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
  const endpoint = await serve(async (request, response) => {
    const { MessageBody } = inputSchema.parse(JSON.parse(await text(request)));
    if (request.headers["x-amz-target"] !== "AmazonSQS.SendMessage") return void response.writeHead(400).end();
    if (double.mood === "hangs") return;
    response.setHeader("content-type", "application/x-amz-json-1.0");
    if (double.mood === "fails") return void response.writeHead(500).end(JSON.stringify({ __type: "InternalFailure" }));
    double.bodies.push(JSON.parse(MessageBody));
    response.end(JSON.stringify({ MessageId: "m1", MD5OfMessageBody: hash("md5", MessageBody) }));
  });
  const double: QueueDouble = { url: `${endpoint}/123456789012/set-aside`, bodies: [], mood: "works" };
  return double;
}
