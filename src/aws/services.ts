import { shopHandlers } from "../http/handlers.ts";
import { answerHttp, httpCore } from "./answer-http.ts";

/** The Lambda entry of the shop and its services. */
export const handler = answerHttp(httpCore(shopHandlers));
