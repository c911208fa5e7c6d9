import { secretKey } from "./doubles.ts";

/** The board's site, by which its pages know it. */
export const host = "board.bench";
export const site = `https://${host}`;

/** A request of a page that came through CloudFront, as an HTTP API hands it on. */
export function asBrowser(
  method: string,
  path: string,
  { query = "", cookie, body }: { query?: string; cookie?: string; body?: object } = {},
): object {
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: query,
    ...(cookie !== undefined && { cookies: [cookie] }),
    headers: {
      host,
      origin: site,
      "x-origin-key": secretKey,
      "x-forwarded-for": "203.0.113.7, 198.51.100.7",
      ...(body && { "content-type": "application/json" }),
    },
    requestContext: { stage: "$default", http: { method, sourceIp: "198.51.100.7" } },
    ...(body && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}

/** An event of a WebSocket API: a handshake with a ticket, a message, or the end of a connection. */
export const ofSocket = (
  routeKey: "$connect" | "$default" | "$disconnect",
  connectionId: string,
  { ticket, message }: { ticket?: string; message?: object } = {},
): object => ({
  headers: { Host: host, Origin: site },
  ...(ticket !== undefined && { queryStringParameters: { ticket } }),
  requestContext: { connectionId, routeKey },
  ...(message && { body: JSON.stringify(message) }),
  isBase64Encoded: false,
});

type Item = Record<string, unknown>;

/** One change of the board table, as its stream tells of it. */
export const ofStream = (keys: Item, before: Item | undefined, after: Item | undefined, position: number): object => ({
  Records: [
    {
      eventID: String(position),
      eventName: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY",
      dynamodb: {
        ApproximateCreationDateTime: Date.now() / 1_000,
        SequenceNumber: String(position).padStart(21, "0"),
        Keys: keys,
        ...(before && { OldImage: before }),
        ...(after && { NewImage: after }),
      },
    },
  ],
});
