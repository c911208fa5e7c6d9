import { boardHandlers } from "../http/handlers.ts";
import { answerHttp } from "./http-event.ts";
import { lambdaService } from "./service.ts";

/** The Lambda entry of the board, its changes and tickets for its pushes. */
export const handler = answerHttp(lambdaService(boardHandlers));
