import { onConnect } from "./handshake.ts";
import { lambdaCore } from "./service.ts";

/** The Lambda entry behind the WebSocket API's $connect. */
export const handler = onConnect(lambdaCore());
