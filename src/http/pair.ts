import type { ClaimPairing, Paired } from "@status-board/contracts";
import { deviceValidMs } from "../auth/devices.ts";
import { hashOfSecret, newSecret } from "../auth/secrets.ts";
import type { Outcome } from "../domain/outcome.ts";
import { claimPairing } from "../operations/pair-devices.ts";
import type { Ports } from "../operations/ports.ts";
import type { BrowserSessions } from "./browser-sessions.ts";
import type { HttpRequest } from "./message.ts";

interface PairInput {
  body: ClaimPairing;
  request: HttpRequest;
  ports: Ports;
  signIn?: BrowserSessions | undefined;
}

/**
 * Enters a code for the browser that sends it. Its session has always a new token, so that nobody can have set it
 * before, and the one that it had before ends with it; a code that is refused leaves whoever it was as he was.
 */
export async function pair({
  body,
  request,
  ports,
  signIn,
}: PairInput): Promise<Outcome<Paired> & { cookies?: readonly string[] }> {
  const token = newSecret();
  const outcome = await claimPairing(body, { address: request.remoteAddress, sessionHash: hashOfSecret(token) }, ports);
  if (outcome.kind !== "ok" || signIn === undefined) return outcome;
  await signIn.end(request);
  return { ...outcome, cookies: [await signIn.session.set(token, deviceValidMs(outcome.data.role))] };
}
