import { boardHandlers } from "../http/handlers.ts";
import { answerHttp, httpCore } from "./answer-http.ts";

/** The Lambda entry of the board, its changes and tickets for its pushes. */
export const handler = answerHttp(httpCore(boardHandlers));
