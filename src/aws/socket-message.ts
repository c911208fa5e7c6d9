import { onMessage } from "./conversation.ts";
import { lambdaCore, lambdaGateway } from "./service.ts";

/** The Lambda entry behind the WebSocket API's $default. */
export const handler = onMessage(lambdaCore(), lambdaGateway());
