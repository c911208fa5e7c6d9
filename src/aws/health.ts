import { aboutHandlers } from "../http/handlers.ts";
import { answerHttp } from "./http-event.ts";
import { lambdaService } from "./service.ts";

/** The Lambda entry of health, readiness and the contract, and of whatever no other function serves. */
export const handler = answerHttp(lambdaService(aboutHandlers));
