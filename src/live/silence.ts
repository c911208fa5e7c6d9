import type { Connections, Gateway } from "./ports.ts";

/**
 * Ends the connections that a session has opened, once it is over (WS2). Each is told why, and forgotten, so that nothing
 * reaches it even where it cannot be told. One that is just being opened looks for its session after it was noted.
 */
export async function silence(
  sessionHash: string,
  { connections, gateway }: { connections: Connections; gateway: Gateway },
): Promise<void> {
  const ids = await connections.ofSession(sessionHash);
  await Promise.all(
    ids.map(async (id) => {
      await connections.remove(id);
      await gateway.close(id, { type: "bye", code: "session_ended" });
    }),
  );
}
