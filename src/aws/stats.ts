import { statsHandlers } from "../http/handlers.ts";
import { answerHttp, httpCore } from "./answer-http.ts";

/** The Lambda entry of a day in figures. */
export const handler = answerHttp(httpCore(statsHandlers));
