import type { Gateway } from "../live/ports.ts";
import { onMessage } from "./conversation.ts";
import { onConnect, onDisconnect } from "./handshake.ts";
import type { HttpResult } from "./http-event.ts";
import type { LambdaCore } from "./service.ts";
import { readSocketEvent } from "./socket-event.ts";

/** What answers a WebSocket API, whose events are told apart by their route: whatever is not the beginning or the end of a connection is a message. */
export function onSocketEvent(core: LambdaCore, gateway: Gateway): (event: unknown) => Promise<HttpResult> {
  const [connect, disconnect, message] = [onConnect(core), onDisconnect(core), onMessage(core, gateway)];
  return (event) => {
    const { routeKey } = readSocketEvent(event);
    if (routeKey === "$connect") return connect(event);
    return routeKey === "$disconnect" ? disconnect(event) : message(event);
  };
}
