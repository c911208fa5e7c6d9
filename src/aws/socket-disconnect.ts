import { onDisconnect } from "./handshake.ts";
import { lambdaCore } from "./service.ts";

/** The Lambda entry behind the WebSocket API's $disconnect. */
export const handler = onDisconnect(lambdaCore());
