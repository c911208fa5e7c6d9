import { statsHandlers } from "../http/handlers.ts";
import { answerHttp } from "./http-event.ts";
import { lambdaService } from "./service.ts";

/** The Lambda entry of a day in figures. */
export const handler = answerHttp(lambdaService(statsHandlers));
