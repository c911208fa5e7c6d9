import { answerHttp } from "./http-event.ts";
import { lambdaService } from "./service.ts";

/** The Lambda entry behind the HTTP API. */
export const handler = answerHttp(lambdaService());
