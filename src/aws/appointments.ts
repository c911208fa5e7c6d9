import { appointmentHandlers } from "../http/handlers.ts";
import { answerHttp } from "./http-event.ts";
import { lambdaService } from "./service.ts";

/** The Lambda entry of single cards. */
export const handler = answerHttp(lambdaService(appointmentHandlers));
