import { hostname, type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { isLoopback } from "../runtime/oidc-environment.ts";

export const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

/** The addresses at which every interface of this machine listens. */
const everywhere = new Set(["0.0.0.0", "::"]);
export const isEverywhere = (host: string): boolean => everywhere.has(host);

/** How others on the network may find this machine. */
export interface OwnNames {
  /** IP addresses, those first that a phone beside it most likely reaches. */
  addresses: readonly string[];
  /** Names, in lower case: its own, and the same as phones and computers ask each other for it (RFC 6762). */
  names: readonly string[];
}

/** Interfaces of containers and virtual machines, which no phone reaches. */
const virtual = /^(docker|br-|veth|virbr|vmnet|vboxnet|lxc|lxd|cni|flannel|tun|tap|wg|zt|utun|tailscale)/i;
const nameLabel = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

const rankOf = (name: string, { family, address }: NetworkInterfaceInfo): number =>
  (virtual.test(name) ? 4 : 0) + (family === "IPv6" ? 2 : 0) + (/^169\.254\./.test(address) ? 1 : 0);

/** The names and addresses that this machine has just now; they change with its network. */
export function findOwnNames(interfaces = networkInterfaces(), machine = hostname()): OwnNames {
  const found = Object.entries(interfaces).flatMap(([name, infos = []]) =>
    infos
      // An address of one link means nothing without the link's name, which no URL takes.
      .filter(({ internal, address }) => !internal && !/^fe80:/i.test(address))
      .map((info) => ({ address: info.address.toLowerCase(), rank: rankOf(name, info) })),
  );
  const addresses = [...new Set(found.toSorted((a, b) => a.rank - b.rank).map(({ address }) => address))];
  const name = machine.toLowerCase().replace(/\.local$/, "");
  const isName = nameLabel.test(name) && !isLoopback(name);
  const names = isName ? [name, ...(name.includes(".") ? [] : [`${name}.local`])] : [];
  return { addresses, names };
}

/** An address or name as it stands in a URL. */
export const inUrl = (host: string): string => (host.includes(":") && !host.startsWith("[") ? `[${host}]` : host);

/** All of them as they stand in URLs; none without a network, where nobody could find it by a name either. */
export const hostsOf = ({ addresses, names }: OwnNames): string[] =>
  addresses.length === 0 ? [] : [...addresses, ...names].map(inUrl);
