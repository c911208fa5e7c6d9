import {
  ApiGatewayManagementApiClient,
  type ApiGatewayManagementApiClientConfig,
  ApiGatewayManagementApiServiceException,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { limits } from "@status-board/contracts";
import type { Gateway } from "../live/ports.ts";
import type { Logger } from "../runtime/logger.ts";

/** More posts than these at once would wait for a socket, and their time would run meanwhile. */
const maxSockets = 256;

const encoder = new TextEncoder();

/**
 * The way to a connection through API Gateway's @connections. `config.endpoint` names the API and its stage. Nothing is
 * tried twice here: whoever posts knows how long it is worth the wait. API Gateway chooses the code that a connection
 * is closed with, so what a client goes by is the bye before it (WS6). A close gives its bye and itself `closeStepMs` each.
 */
export function createGateway(
  config: ApiGatewayManagementApiClientConfig,
  logger: Logger,
  closeStepMs: number = limits.postTimeoutMs,
): Gateway {
  const client = new ApiGatewayManagementApiClient({
    maxAttempts: 1,
    requestHandler: { httpAgent: { keepAlive: true, maxSockets }, httpsAgent: { keepAlive: true, maxSockets } },
    ...config,
  });

  const post: Gateway["post"] = async (connectionId, message, timeoutMs) => {
    const input = { ConnectionId: connectionId, Data: encoder.encode(message) };
    try {
      await client.send(new PostToConnectionCommand(input), { abortSignal: AbortSignal.timeout(timeoutMs) });
      return "sent";
    } catch (error) {
      const status = statusOf(error);
      if (status === 410) return "gone";
      if (isOurFault(status)) logger.error({ connectionId, status, error: nameOf(error) }, "a post was refused");
      return "failed";
    }
  };

  return {
    post,
    async close(connectionId, bye) {
      if ((await post(connectionId, JSON.stringify(bye), closeStepMs)) === "gone") return;
      const command = new DeleteConnectionCommand({ ConnectionId: connectionId });
      // A connection that cannot be closed now ends by its idle limit at the latest.
      const abortSignal = AbortSignal.timeout(closeStepMs);
      await client.send(command, { abortSignal }).catch(() => {});
    },
  };
}

/** What API Gateway answered, if it was something. */
const statusOf = (error: unknown): number | undefined =>
  error instanceof ApiGatewayManagementApiServiceException ? error.$metadata.httpStatusCode : undefined;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");

/** True for what no second try can cure: too large a message, or no permission to post. */
const isOurFault = (status: number | undefined): boolean =>
  status !== undefined && status >= 400 && status < 500 && status !== 429;
