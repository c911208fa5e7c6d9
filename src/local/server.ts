import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { limits } from "@status-board/contracts";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Failure } from "../http/answer.ts";
import { dispatch, refuse, type Service } from "../http/dispatch.ts";
import type { HttpRequest, HttpResponse } from "../http/message.ts";

/** A request may take this long to arrive whole; a slower one is cut off. */
const requestTimeoutMs = 30_000;

/** What Fastify could not read, by the status that it would answer itself. */
function failureOf(statusCode: number | undefined): Failure {
  if (statusCode === 413) return { code: "payload_too_large" };
  if (statusCode === 415) return { code: "unsupported_media_type" };
  const message = "did not arrive whole, or not as its headers say";
  return { code: "invalid_request", issues: [{ path: "body", message }] };
}

function toRequest(request: FastifyRequest): HttpRequest {
  const url = request.raw.url ?? "/";
  const mark = url.indexOf("?");
  return {
    method: request.method,
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? "" : url.slice(mark + 1),
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : undefined,
    remoteAddress: request.raw.socket.remoteAddress,
    httpVersion: request.raw.httpVersion,
    isSecure: isSecure(request.raw),
  };
}

/** True for what came through TLS that this process has taken off. */
export const isSecure = ({ socket }: IncomingMessage): boolean => "encrypted" in socket && socket.encrypted === true;

/** What a server answers by itself, before it asks the product. */
export type Beforehand = (request: HttpRequest) => HttpResponse | undefined;

/** An HTTP server in front of {@link dispatch}: it reads bytes and writes bytes, and decides nothing. */
export function createServer(service: Service, beforehand: Beforehand = () => undefined): FastifyInstance {
  let closing = false;
  // A connection that is kept open after its last answer would hold up the stop until it times out.
  const send = (reply: FastifyReply, { status, headers, body, cookies = [] }: HttpResponse) =>
    reply
      .code(status)
      .headers(closing ? { ...headers, connection: "close" } : headers)
      .headers(cookies.length > 0 ? { "set-cookie": [...cookies] } : {})
      .send(body);
  /** Past Fastify's own way out, which goes through the headers twice and has nothing to add. */
  const answer = (reply: FastifyReply, response: HttpResponse) => {
    const { status, headers, body, cookies = [] } = response;
    if (closing || status === 204) return send(reply, response);
    reply.hijack();
    const length = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
    const setCookie = cookies.length > 0 && { "set-cookie": [...cookies] };
    reply.raw.writeHead(status, { ...headers, ...setCookie, "content-length": length }).end(body);
    return reply;
  };
  const app = Fastify({
    bodyLimit: limits.requestBodyMaxBytes,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: "idle",
    // What began before a stop is finished; Fastify would refuse it, in a form that is not ours.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    http: {
      // A request without Host is refused in our own form.
      requireHostHeader: false,
      // One that offers anything else, as curl does HTTP/2, is answered as it is.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === "websocket",
    },
    routerOptions: { ignoreTrailingSlash: false },
    // What comes in is parsed by the contract's own schemas; Fastify's compilers would only make the start longer.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    frameworkErrors: (_error, request, reply) => {
      void send(reply, refuse(toRequest(request), { code: "not_found" }, service));
    },
    clientErrorHandler: (_error, socket) => {
      if (socket.writable) socket.end(badRequest(service));
    },
  });
  const sockets = new Set<Socket>();
  app.server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  app.addHook("preClose", async () => {
    closing = true;
    // Browsers open connections in advance; Node counts one that was never used as busy, and would wait for it.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  });
  app.removeAllContentTypeParsers();
  // The usual type has a parser by name: Fastify takes every other one apart, for each request anew.
  for (const type of ["application/json", "*"])
    app.addContentTypeParser(type, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: { statusCode?: number }, request, reply) =>
    send(reply, refuse(toRequest(request), failureOf(error.statusCode), service)),
  );
  // Node would answer an unknown Expect itself, in a form that is not ours.
  app.server.on("checkExpectation", (request, response) => app.server.emit("request", request, response));
  app.setNotFoundHandler(async (raw, reply) => {
    const request = toRequest(raw);
    return answer(reply, beforehand(request) ?? (await dispatch(request, service)));
  });
  return app;
}

const noCompiler = () => () => {
  throw new Error("no route of Fastify's has a schema");
};

/** The answer to bytes that are not HTTP at all, or whose headers are too long to read. */
function badRequest(service: Service): string {
  const nothing: HttpRequest = { method: "", path: "", query: "", headers: {} };
  const issues = [{ path: "request", message: "is not HTTP that this server can read" }];
  const { headers, body } = refuse(nothing, { code: "invalid_request", issues }, service);
  const lines = Object.entries({ ...headers, connection: "close", "content-length": Buffer.byteLength(body) });
  return `HTTP/1.1 400 Bad Request\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}
