import { type Bye, limits } from "@status-board/contracts";
import { answerMessage } from "./messages.ts";
import type { Pace } from "./pace.ts";
import type { Connection } from "./ports.ts";
import type { Reply, Sent } from "./reply.ts";
import type { SubscribePorts } from "./subscribe.ts";

const tooFrequent: Reply = {
  messages: [
    {
      type: "error",
      code: "rate_limited",
      message: `more than ${limits.clientMessagesMax} messages in ${limits.clientMessagesWindowMs / 1000} s`,
    },
  ],
  failed: true,
};

/** Answers one message of a connection at its pace: ten errors in ten seconds end it with a bye (WS4). */
export async function receive(
  connection: Connection,
  text: string | undefined,
  pace: Pace,
  ports: SubscribePorts,
): Promise<readonly (Sent | Bye)[]> {
  const { messages, failed } = pace.isTooFrequent() ? tooFrequent : await answerMessage(connection, text, ports);
  return failed && pace.isHopeless() ? [...messages, { type: "bye", code: "too_many_errors" }] : messages;
}
