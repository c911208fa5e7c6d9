import { host, origin } from "../../testing/workshop.ts";

const defined = (headers: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** What every event of a WebSocket API says of itself. */
const context = (connectionId: string, routeKey: string, eventType: string, more: object) => ({
  routeKey,
  eventType,
  extendedRequestId: "XfGLwFTktjMFsLg=",
  requestTime: "03/Mar/2031:08:00:00 +0000",
  messageDirection: "IN",
  stage: "prod",
  connectedAt: 1_930_291_200_000,
  requestTimeEpoch: 1_930_291_200_001,
  identity: { cognitoIdentityPoolId: null, sourceIp: "203.0.113.7", userAgent: null, user: null },
  requestId: "XfGLwFTktjMFsLg=",
  domainName: host,
  connectionId,
  apiId: "a1b2c3d4e5",
  ...more,
});

const listed = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));

/** A handshake; a header that is undefined was not sent (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html). */
export function connectEvent(
  connectionId: string,
  { ticket, headers = {} }: { ticket?: string | undefined; headers?: Record<string, string | undefined> } = {},
): object {
  const sent = defined({
    Host: host,
    Origin: origin,
    "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
    "Sec-WebSocket-Key": "X/MA+DSRXZ8WnITjBpxm3g==",
    "Sec-WebSocket-Version": "13",
    "X-Amzn-Trace-Id": "Root=1-5fd5ea4b-35d888b22f86c62d26beae28",
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Proto": "https",
    ...headers,
  });
  const query = ticket === undefined ? undefined : { ticket };
  return {
    headers: sent,
    multiValueHeaders: listed(sent),
    ...(query && { queryStringParameters: query, multiValueQueryStringParameters: listed(query) }),
    requestContext: context(connectionId, "$connect", "CONNECT", {
      disconnectStatusCode: null,
      messageId: null,
      disconnectReason: null,
    }),
    isBase64Encoded: false,
  };
}

/** A message, and when the gateway took it, in ms since 1970. One without a body is an empty frame. */
export const messageEvent = (connectionId: string, body?: string, requestTimeEpoch?: number): object => ({
  requestContext: context(connectionId, "$default", "MESSAGE", {
    messageId: "XfGM2eJ8tjMCFbQ=",
    ...(requestTimeEpoch !== undefined && { requestTimeEpoch }),
  }),
  ...(body !== undefined && { body }),
  isBase64Encoded: false,
});

/** The end of a connection. */
export function disconnectEvent(connectionId: string): object {
  const headers = { Host: host, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" };
  const reason = { disconnectStatusCode: 1005, disconnectReason: "Client-side close frame status not set" };
  return {
    headers,
    multiValueHeaders: listed(headers),
    requestContext: context(connectionId, "$disconnect", "DISCONNECT", reason),
    isBase64Encoded: false,
  };
}
