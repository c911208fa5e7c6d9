import { endpoints } from "@status-board/contracts";
import { isSameSecret, type KeyRing } from "../auth/key-ring.ts";
import { type Failure, outageOf } from "../http/answer.ts";
import { dispatch, refuse } from "../http/dispatch.ts";
import type { Handlers } from "../http/handlers.ts";
import { type HttpRequest, headerOf } from "../http/message.ts";
import { type HttpResult, requestOfEvent, resultOfResponse } from "./http-event.ts";
import { originHeader } from "./origin-header.ts";
import { openSecrets } from "./secrets.ts";
import { type LambdaCore, lambdaCore, type Served } from "./service.ts";

/** Monitors ask these by the API's own name. */
const openPaths: ReadonlySet<string> = new Set([endpoints.getHealth.path, endpoints.getHealthz.path]);

/** The core of a function that answers HTTP with these operations. */
export const httpCore = (handlers: Handlers, way: Pick<Served, "openSignIn" | "openGateway"> = {}): LambdaCore =>
  lambdaCore({ handlers, openSecrets, ...way });

/** What answers the events of an HTTP API. */
export const answerHttp =
  ({ service, originKeys }: Pick<LambdaCore, "service" | "originKeys">) =>
  async (event: unknown): Promise<HttpResult> => {
    const request = requestOfEvent(event);
    const failure = originKeys && (await pastCloudFront(request, originKeys, service));
    if (failure) return resultOfResponse(refuse(request, failure, service));
    return resultOfResponse(await dispatch(originKeys ? withViewer(request) : request, service));
  };

/**
 * The request as its viewer's. CloudFront puts the viewer's address last into X-Forwarded-For, and API Gateway adds
 * CloudFront's own; whatever stands before is the viewer's word. Whoever came past CloudFront has one address fewer.
 */
function withViewer(request: HttpRequest): HttpRequest {
  if (request.machine !== undefined || headerOf(request, originHeader) === undefined) return request;
  const viewer = headerOf(request, "x-forwarded-for")?.split(",").at(-2)?.trim();
  return viewer === undefined ? request : { ...request, remoteAddress: viewer };
}

/** Why a request that did not come through CloudFront may not pass: its headers and its firewall would not count for it. */
async function pastCloudFront(
  request: HttpRequest,
  keys: KeyRing,
  { logger }: LambdaCore["service"],
): Promise<Failure | undefined> {
  if (request.machine !== undefined || openPaths.has(request.path)) return undefined;
  const forbidden: Failure = { code: "forbidden", message: "This API is not called directly." };
  const given = headerOf(request, originHeader);
  if (given === undefined) return forbidden;
  try {
    return (await keys.some((key) => isSameSecret(key, given))) ? undefined : forbidden;
  } catch (error) {
    const outage = outageOf(error);
    if (outage === undefined) throw error;
    logger.warn({ err: error }, "the origin key cannot be read");
    return outage;
  }
}
