import type { RouteId } from "@status-board/contracts";
import { type BareCodes, boardCodes } from "./answer.ts";
import { type ClientOf, createClient, type StatusBoardClientOptions } from "./client.ts";
import { operations } from "./operations.ts";

/** Every operation of the API as a method named by its route id. */
export type StatusBoardClient = ClientOf<RouteId>;

const allCodes: BareCodes = {
  ...boardCodes,
  400: "invalid_request",
  405: "method_not_allowed",
  413: "payload_too_large",
  415: "unsupported_media_type",
};

/** The whole HTTP API. A page that shows a board and nothing else does with less, see `createBoardClient`. */
export function createStatusBoardClient(options: StatusBoardClientOptions = {}): StatusBoardClient {
  const { fetch: send = fetch } = options;
  const sendFor: typeof fetch = async (url, init) => {
    const response = await send(url, init);
    return response.ok && documents.test(String(url)) ? enveloped(response) : response;
  };
  return createClient(operations, { ...options, fetch: sendFor }, allCodes);
}

/** They come bare, so that tools can read them (HT1). */
const documents = /api\.json$/;
const enveloped = async (document: Response): Promise<Response> =>
  new Response(`{"ok":true,"data":${await document.text()}}`, document);
