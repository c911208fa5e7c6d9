import { aboutHandlers } from "../http/handlers.ts";
import { answerHttp, httpCore } from "./answer-http.ts";

/** The Lambda entry of health, readiness and the contract, and of whatever no other function serves. */
export const handler = answerHttp(httpCore(aboutHandlers));
