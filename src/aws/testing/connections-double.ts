import { text } from "node:stream/consumers";
import { type ServerMessage, serverMessageSchema } from "@status-board/contracts";
import { serve } from "./serve.ts";

/** What becomes of a request about a connection: a status, no answer ever, or a socket that breaks. */
export type Treatment = 200 | 400 | 403 | 410 | 413 | 429 | 500 | 503 | "hang" | "break" | "garble";

/** One request to @connections. */
export interface ConnectionsCall {
  method: string;
  connectionId: string;
  body: string;
}

/** Stands in for API Gateway's @connections. Over the wire it is the same: nothing of the SDK is replaced. */
export interface ConnectionsDouble {
  /** As CONNECTIONS_ENDPOINT gives it, with a stage. */
  endpoint: string;
  calls: ConnectionsCall[];
  /** How requests about a connection are treated; 200 when it is not named. One that was closed is gone. */
  treat: (connectionId: string, ...treatments: Treatment[]) => void;
  /** What reached a connection, checked against the contract. */
  messages: (connectionId: string) => ServerMessage[];
  /** The requests about a connection, by method. */
  count: (method: string, connectionId: string) => number;
}

const names = new Map<number, string>([
  [400, "BadRequestException"],
  [403, "ForbiddenException"],
  [410, "GoneException"],
  [413, "PayloadTooLargeException"],
  [429, "LimitExceededException"],
  [500, "InternalServerErrorException"],
]);

const stage = "/prod";
const pathPattern = /^\/prod\/(?:@|%40)connections\/(?<id>[^/?]+)$/;

/** Starts one for the test under way. */
export async function openConnectionsDouble(): Promise<ConnectionsDouble> {
  const calls: ConnectionsCall[] = [];
  const treatments = new Map<string, Treatment[]>();
  const posted = new Map<string, string[]>();

  /** The next of several treatments; the last one stays. */
  function treatmentOf(connectionId: string): Treatment {
    const [first = 200, ...rest] = treatments.get(connectionId) ?? [];
    if (rest.length > 0) treatments.set(connectionId, rest);
    return first;
  }

  const endpoint = await serve(async (request, response) => {
    const id = pathPattern.exec(request.url ?? "")?.groups?.id;
    if (id === undefined || !request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 "))
      return void response.writeHead(404).end();
    const connectionId = decodeURIComponent(id);
    const body = await text(request);
    const method = request.method ?? "";
    calls.push({ method, connectionId, body });
    const treatment = treatmentOf(connectionId);
    if (treatment === "hang") return;
    if (treatment === "break") return void request.socket.destroy();
    if (treatment === "garble") return void response.writeHead(500).end("<h1>Internal Server Error</h1>");
    if (treatment !== 200) {
      const headers = { "content-type": "application/json", "x-amzn-errortype": names.get(treatment) ?? "Unknown" };
      const requestId = "b8a7c9e0-0000-4000-8000-000000000000";
      return void response
        .writeHead(treatment, headers)
        .end(JSON.stringify({ message: null, connectionId, requestId }));
    }
    if (method === "DELETE") treatments.set(connectionId, [410]);
    else posted.set(connectionId, [...(posted.get(connectionId) ?? []), body]);
    response.writeHead(method === "DELETE" ? 204 : 200).end();
  });
  return {
    endpoint: endpoint + stage,
    calls,
    treat: (connectionId, ...given) => void treatments.set(connectionId, given),
    messages: (connectionId) =>
      (posted.get(connectionId) ?? []).map((body) => serverMessageSchema.parse(JSON.parse(body))),
    count: (method, connectionId) =>
      calls.filter((call) => call.method === method && call.connectionId === connectionId).length,
  };
}
