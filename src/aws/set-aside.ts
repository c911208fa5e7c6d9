import { SendMessageCommand, SQSClient, type SQSClientConfig } from "@aws-sdk/client-sqs";
import type { SetAside } from "../live/ports.ts";
import type { Logger } from "../runtime/logger.ts";

/** The SDK's retries included: the records behind are waiting. */
const queueMaxMs = 2_000;

/**
 * Keeps what could not be published in a queue, if there is one, and says so in the log. It never fails: what cannot be
 * kept must not hold up what comes after it (LV7). The log has no customer data, the queue has it all.
 */
export function createSetAside(queueUrl: string | undefined, logger: Logger, config: SQSClientConfig = {}): SetAside {
  const client = queueUrl === undefined ? undefined : new SQSClient(config);
  return async (item, reason) => {
    const position = item.kind === "change" ? item.change.position : item.position;
    logger.error({ position, reason }, "a change could not be published and is set aside");
    const command = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ item, reason }) });
    await client?.send(command, { abortSignal: AbortSignal.timeout(queueMaxMs) }).catch((error: unknown) => {
      logger.error({ position, err: error }, "the queue did not take what was set aside");
    });
  };
}
