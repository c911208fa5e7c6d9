import { machinePrefix } from "@status-board/contracts";
import * as z from "zod";
import type { HttpRequest, HttpResponse } from "../http/message.ts";

/**
 * What this code reads of an HTTP API event, payload version 2.0
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
const eventSchema = z.object({
  version: z.literal("2.0"),
  rawPath: z.string(),
  rawQueryString: z.string().default(""),
  cookies: z.array(z.string()).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  requestContext: z.object({
    stage: z.string(),
    http: z.object({ method: z.string(), sourceIp: z.string().optional() }),
    authorizer: z.object({ iam: z.object({ userArn: z.string() }).nullish() }).nullish(),
  }),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
});

/** What an HTTP API takes as an answer. */
export interface HttpResult {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  /** Set-Cookie headers, each a line of its own. */
  cookies?: string[];
}

/** Headers with their names in lower case, as the core looks for them. */
export const lowerCase = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/**
 * The event as a request. A named stage stands before the path, and behind it what tells the machines' way in; cookies
 * stand apart from the headers.
 */
export function requestOfEvent(event: unknown): HttpRequest {
  const { rawPath, rawQueryString, cookies, headers, requestContext, body, isBase64Encoded } = eventSchema.parse(event);
  const { stage, http, authorizer } = requestContext;
  const lowerCased = lowerCase(headers);
  const path = without(`/${stage}`, rawPath);
  const ownPath = without(machinePrefix, path);
  return {
    method: http.method,
    path: ownPath,
    ...(ownPath !== path && { machine: { arn: authorizer?.iam?.userArn } }),
    query: rawQueryString,
    headers: cookies === undefined ? lowerCased : { ...lowerCased, cookie: cookies.join("; ") },
    body: body === undefined ? undefined : Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
    remoteAddress: requestContext.http.sourceIp,
  };
}

const without = (prefix: string, path: string): string =>
  path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;

/** The answer as the gateway takes it: text, because all that we answer is JSON. */
export const resultOfResponse = ({ status, headers, body, cookies = [] }: HttpResponse): HttpResult => ({
  statusCode: status,
  headers,
  body: typeof body === "string" ? body : Buffer.from(body).toString("utf8"),
  ...(cookies.length > 0 && { cookies: [...cookies] }),
});
