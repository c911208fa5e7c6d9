import type { Principal } from "../auth/principal.ts";
import type { Service } from "../http/dispatch.ts";
import type { Connections } from "../live/ports.ts";
import { silence } from "../live/silence.ts";
import type { Sockets } from "./sockets.ts";

/**
 * Ends the sockets of sessions that are over, however they ended: expired, revoked in the database, or signed out while a
 * socket was just being opened. Called every two seconds, it keeps WS2's five.
 */
export async function endSessions(
  { holds }: Pick<Service, "holds">,
  { sockets, connections }: { sockets: Sockets; connections: Connections },
): Promise<void> {
  const open = new Map<string, Principal>();
  for (const id of sockets.ids()) {
    const principal = (await connections.find(id))?.principal;
    if (principal?.session !== undefined) open.set(principal.session.hash, principal);
  }
  for (const [hash, principal] of open)
    if (!(await holds(principal))) await silence(hash, { connections, gateway: sockets.gateway });
}
