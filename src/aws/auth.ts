import { deviceHandlers, signedInHandlers } from "../http/handlers.ts";
import { openSignIn } from "../http/open-sign-in.ts";
import { answerHttp, httpCore } from "./answer-http.ts";
import { createGateway } from "./gateway.ts";

/** The Lambda entry of signing in and out, and of devices. */
export const handler = answerHttp(
  httpCore({ ...signedInHandlers, ...deviceHandlers }, { openSignIn, openGateway: createGateway }),
);
