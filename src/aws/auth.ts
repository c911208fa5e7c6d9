import { deviceHandlers, signedInHandlers } from "../http/handlers.ts";
import { openSignIn } from "../http/open-sign-in.ts";
import { answerHttp } from "./http-event.ts";
import { lambdaService } from "./service.ts";

/** The Lambda entry of signing in and out, and of devices. */
export const handler = answerHttp(lambdaService({ ...signedInHandlers, ...deviceHandlers }, { openSignIn }));
