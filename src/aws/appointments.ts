import { appointmentHandlers } from "../http/handlers.ts";
import { answerHttp, httpCore } from "./answer-http.ts";

/** The Lambda entry of single cards. */
export const handler = answerHttp(httpCore(appointmentHandlers));
