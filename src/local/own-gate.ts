import type { Gate } from "../http/gate.ts";
import type { LocalEnvironment } from "../runtime/environment.ts";
import { inUrl, isEverywhere, loopbackNames } from "./own-names.ts";

/** The gate of a server whose own names come and go with its network. */
export interface OwnGate extends Gate {
  /**
   * From now on the server answers to its fixed names and these, at that port, and calls their pages its own. Over plain
   * http, where there is https, only those of this very machine: others could have been written by anybody on the way.
   */
  listen: (port: number, scheme: "http" | "https", hosts: readonly string[]) => void;
  /** The origins of its own pages. */
  ownOrigins: () => readonly string[];
}

/** Loopback names and those of the environment; the server's own origins join when its port is known. */
export function createOwnGate({ HOST, PUBLIC_URL, ALLOWED_HOSTS, ALLOWED_ORIGINS }: LocalEnvironment): OwnGate {
  const fixedNames = [...loopbackNames, ...(isEverywhere(HOST) ? [] : [inUrl(HOST).toLowerCase()]), ...ALLOWED_HOSTS];
  const publicNames = PUBLIC_URL === undefined ? [] : [new URL(PUBLIC_URL).hostname];
  const publicOrigins = PUBLIC_URL === undefined ? [] : [PUBLIC_URL];
  const gate = {
    allowedHosts: new Set([...fixedNames, ...publicNames]),
    allowedOrigins: new Set([...ALLOWED_ORIGINS, ...publicOrigins]),
  };
  let own: readonly string[] = [];
  return {
    // Looked up anew for each request, so that the sets can be replaced.
    get allowedHosts() {
      return gate.allowedHosts;
    },
    get allowedOrigins() {
      return gate.allowedOrigins;
    },
    ownOrigins: () => own,
    listen: (port, scheme, hosts) => {
      const names = [...new Set([...fixedNames, ...hosts])];
      const urls = [
        ...names.map((name) => `${scheme}://${name}:${port}`),
        ...loopbackNames.map((name) => `http://${name}:${port}`),
      ];
      own = [...new Set(urls.map((url) => new URL(url).origin))];
      gate.allowedHosts = new Set([...names, ...publicNames]);
      gate.allowedOrigins = new Set([...ALLOWED_ORIGINS, ...publicOrigins, ...own]);
    },
  };
}
