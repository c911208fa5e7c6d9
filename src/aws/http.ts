import { dispatch } from "../http/dispatch.ts";
import { type HttpResult, requestOfEvent, resultOfResponse } from "./http-event.ts";
import { lambdaService } from "./service.ts";

const service = lambdaService(process.env);

/** The Lambda entry behind the HTTP API. */
export const handler = async (event: unknown): Promise<HttpResult> =>
  resultOfResponse(await dispatch(requestOfEvent(event), service));
