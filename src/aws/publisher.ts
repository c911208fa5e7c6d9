import { onRecords } from "./publish-records.ts";
import { lambdaCore, lambdaGateway, lambdaSetAside } from "./service.ts";

/** The Lambda entry behind the stream of the board table. */
export const handler = onRecords(lambdaCore(), lambdaGateway(), lambdaSetAside());
