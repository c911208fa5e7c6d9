import { lambdaCore, lambdaGateway } from "./service.ts";
import { onSocketEvent } from "./socket-routes.ts";

/** The Lambda entry behind all routes of the WebSocket API. */
export const handler = onSocketEvent(lambdaCore(), lambdaGateway());
