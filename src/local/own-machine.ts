import { type HttpRequest, headerOf } from "../http/message.ts";
import { loopbackNames } from "./own-names.ts";

const loopbackAddress = /^(::ffff:)?127(\.[0-9]{1,3}){3}$|^::1$/i;

/** A proxy on this machine names by these whom it speaks for; then its own address says nothing. */
const forwarding = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/**
 * True for a request that somebody makes who sits at this machine: it comes from a loopback address, to a loopback name,
 * and on nobody else's behalf. Headers can only take that away.
 */
export function isFromThisMachine(request: HttpRequest): boolean {
  if (!loopbackAddress.test(request.remoteAddress ?? "")) return false;
  // No browser has spoken it for decades. Nginx does to what is behind it, under the Host of that, when it is told nothing else.
  if (request.httpVersion === "1.0") return false;
  const host = (headerOf(request, "host") ?? "").toLowerCase().replace(/:[0-9]*$/, "");
  return loopbackNames.includes(host) && forwarding.every((name) => headerOf(request, name) === undefined);
}
