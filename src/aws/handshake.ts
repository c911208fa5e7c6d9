import { redeemTicket } from "../auth/tickets.ts";
import { refusedBy } from "../http/gate.ts";
import type { HttpResult } from "./http-event.ts";
import type { LambdaCore } from "./service.ts";
import { accepted, logged, readSocketEvent, turnedAway } from "./socket-event.ts";

/** What answers handshakes: Host and Origin are judged first, then the ticket, which is good once (WS1). */
export const onConnect =
  (core: LambdaCore) =>
  (event: unknown): Promise<HttpResult> => {
    const { connectionId, request, ticket } = readSocketEvent(event);
    return logged("liveConnect", connectionId, core, async () => {
      const refused = refusedBy(core.service.gate, request);
      if (refused !== undefined) return turnedAway({ code: "forbidden", message: refused }, core);
      const { clock } = core.service.ports;
      const principal = await redeemTicket(ticket, { tickets: core.connections, clock });
      if (principal === undefined) {
        const message = "The ticket is unknown, used or expired.";
        return turnedAway({ code: "unauthenticated", message }, core);
      }
      await core.connections.add({ id: connectionId, principal });
      // After the connection is noted: whoever ends the session from now on finds it.
      if (await core.service.holds(principal)) return accepted;
      await core.connections.remove(connectionId);
      return turnedAway({ code: "unauthenticated", message: "The session of this ticket has ended." }, core);
    });
  };

/** What forgets a connection that has ended. API Gateway does not tell of each end, so that nothing depends on it. */
export const onDisconnect =
  (core: LambdaCore) =>
  (event: unknown): Promise<HttpResult> => {
    const { connectionId } = readSocketEvent(event);
    return logged("liveDisconnect", connectionId, core, async () => {
      await core.connections.remove(connectionId);
      return accepted;
    });
  };
