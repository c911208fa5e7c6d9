import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { hostname } from "node:os";
import { join } from "node:path";
import { refusedBy } from "../http/gate.ts";
import { type HttpRequest, headerOf } from "../http/message.ts";
import type { FileSource } from "../http/static-file.ts";
import type { LocalEnvironment } from "../runtime/environment.ts";
import { release } from "../runtime/release.ts";
import { type CertificateSource, certificateFiles } from "./certificates.ts";
import { livePath } from "./handshake.ts";
import { createOwnGate, type OwnGate } from "./own-gate.ts";
import { type findOwnNames, hostsOf, inUrl, isEverywhere } from "./own-names.ts";
import { plainAnswer, rootFile, rootPath } from "./plain-door.ts";
import type { Beforehand } from "./server.ts";
import { openTlsDoor, type TlsDoor } from "./tls-door.ts";

/** By which addresses a server is reached, and over what. */
export interface Reach {
  gate: OwnGate;
  /** This site as those who sign in or pair their devices find it. */
  publicUrl: () => string;
  liveUrl: () => string;
  /** The same for somebody who came by one of several addresses; absent where there is one alone. */
  liveUrlFor?: (request: HttpRequest) => string;
  /** Where the page may open its WebSocket. */
  socketOrigins: () => readonly string[];
  files: readonly FileSource[];
  beforehand: Beforehand;
  /** The server listens: it is reached from now on, by its owner at the URL that this gives. */
  listening: (server: Server, port: number) => string;
  /** Follows this machine's addresses, and the time that its certificate has left. */
  refresh: () => Promise<void>;
  networkUrls: () => readonly string[];
}

interface ReachParts {
  clock: () => Date;
  findNames: typeof findOwnNames;
  /** Hears that the best of the URLs for others on the network has become another one. */
  onMoved?: ((moved: { url: string; networkUrls: () => readonly string[] }) => void) | undefined;
}

/** Opens what a certificate comes from; undefined where the board speaks plain HTTP. */
async function openCertificates(
  { TLS, TLS_CERT, TLS_KEY, DATA_DIR, ALLOWED_HOSTS }: LocalEnvironment,
  hosts: readonly string[],
  clock: () => Date,
): Promise<CertificateSource | undefined> {
  if (TLS_CERT !== undefined && TLS_KEY !== undefined) return certificateFiles(TLS_CERT, TLS_KEY, clock);
  if (TLS === "off") return undefined;
  // Whoever needs none does not load what makes certificates.
  const { openOwnAuthority } = await import("./own-authority.ts");
  const vouched = { machine: hostname(), hosts: [...hosts, ...ALLOWED_HOSTS], clock };
  return openOwnAuthority(join(DATA_DIR, "tls"), vouched);
}

/** Finds out how this server is to be reached. Throws a StartProblem where its certificate cannot be used. */
export async function openReach(
  environment: LocalEnvironment,
  { clock, findNames, onMoved }: ReachParts,
): Promise<Reach> {
  const { HOST, PUBLIC_URL, AUTH_MODE, ALLOWED_HOSTS } = environment;
  const isPaired = AUTH_MODE === "paired";
  const onNetwork = isPaired && isEverywhere(HOST);
  const findHosts = () => (onNetwork ? hostsOf(findNames()) : []);
  const gate = createOwnGate(environment);
  let hosts = findHosts();
  let port = 0;
  const certificates = await openCertificates(environment, hosts, clock);
  const certified = () => [...hosts, ...ALLOWED_HOSTS, ...(isEverywhere(HOST) ? [] : [HOST])];
  let certificate = await certificates?.current(certified());
  let door: TlsDoor | undefined;
  const scheme = certificates === undefined ? "http" : "https";
  // Where a proxy stands before the board, its name comes first: cookies and certificates are made for that.
  const networkUrls = () => [
    ...(PUBLIC_URL ? [PUBLIC_URL] : []),
    ...hosts.map((host) => `${scheme}://${host}:${port}`),
  ];
  const ownUrl = () => {
    if (!isPaired) return `${scheme}://${inUrl(HOST)}:${port}`;
    // The owner sits at this machine, where nothing crosses a network.
    return `http://${isEverywhere(HOST) ? "127.0.0.1" : inUrl(HOST)}:${port}`;
  };
  const publicUrl = () => networkUrls()[0] ?? (isPaired ? ownUrl().replace("http:", `${scheme}:`) : ownUrl());
  const asLive = (url: string) => `${url.replace(/^http/, "ws")}${livePath}`;
  const liveUrlFor = (request: HttpRequest) => {
    const host = headerOf(request, "host") ?? "";
    if (PUBLIC_URL !== undefined && host === new URL(PUBLIC_URL).host) return asLive(PUBLIC_URL);
    return asLive(`${request.isSecure ? "https" : "http"}://${host}`);
  };
  const socketOrigins = () => {
    const origins = isPaired ? [...gate.ownOrigins(), ...(PUBLIC_URL ? [PUBLIC_URL] : [])] : [publicUrl()];
    // A policy has no way to write an IPv6 address; browsers take the page's own origin for its sockets, too.
    return origins.filter((origin) => !origin.includes("[")).map((origin) => origin.replace(/^http/, "ws"));
  };
  const root = certificates?.root;

  return {
    gate,
    publicUrl,
    liveUrl: () => asLive(publicUrl()),
    ...(isPaired && { liveUrlFor }),
    socketOrigins,
    files: root ? [{ routeId: "getRoot", owns: (path) => path === rootPath, read: async () => rootFile(root) }] : [],
    beforehand: (request) =>
      certificates === undefined || refusedBy(gate, request) !== undefined
        ? undefined
        : plainAnswer(request, randomUUID(), release, root !== undefined),
    listening: (server, listened) => {
      port = listened;
      gate.listen(port, scheme, hosts);
      if (certificate !== undefined) door = openTlsDoor(server, certificate);
      return ownUrl();
    },
    refresh: async () => {
      const [before] = networkUrls();
      hosts = findHosts();
      gate.listen(port, scheme, hosts);
      if (networkUrls()[0] !== before) onMoved?.({ url: ownUrl(), networkUrls });
      const next = await certificates?.current(certified());
      if (next === undefined || (next.cert === certificate?.cert && next.key === certificate.key)) return;
      certificate = next;
      door?.renew(next);
    },
    networkUrls,
  };
}
