import { fullChecks } from "../../checks.ts";
import { createStatusBoardClient } from "../../status-board-client.ts";

/** The API for all of the page. Its views lean on more of what comes than a board by itself does. */
export const client = createStatusBoardClient({ checks: fullChecks });
