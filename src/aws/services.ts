import { shopHandlers } from "../http/handlers.ts";
import { answerHttp } from "./http-event.ts";
import { lambdaService } from "./service.ts";

/** The Lambda entry of the shop and its services. */
export const handler = answerHttp(lambdaService(shopHandlers));
