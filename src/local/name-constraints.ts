import { isIPv4, isIPv6 } from "node:net";
import { inUrl } from "./own-names.ts";

/** Names that the world's DNS knows nothing of: RFC 6762, RFC 8375, and what routers use. */
const localSuffixes = ["local", "localhost", "lan", "home", "internal", "home.arpa"];
/** Private, link-local and loopback addresses: RFC 1918, 3927, 6598, 4193, 4291. */
const localNetworks = [
  [[10, 0, 0, 0], 8],
  [[172, 16, 0, 0], 12],
  [[192, 168, 0, 0], 16],
  [[169, 254, 0, 0], 16],
  [[100, 64, 0, 0], 10],
  [[127, 0, 0, 0], 8],
  [[0xfc, ...Array<number>(15).fill(0)], 7],
  [[0xfe, 0x80, ...Array<number>(14).fill(0)], 10],
  [[...Array<number>(15).fill(0), 1], 128],
] as const satisfies readonly (readonly [readonly number[], number])[];

const lengthBytes = (length: number): number[] =>
  length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
const der = (tag: number, content: readonly number[]): number[] => [tag, ...lengthBytes(content.length), ...content];

const maskOf = (bytes: number, bits: number): number[] =>
  Array.from({ length: bytes }, (_, index) => (0xff << (8 - Math.min(8, Math.max(0, bits - index * 8)))) & 0xff);

/** The tags of a GeneralName: a DNS name, and an address with its mask. */
const [dnsTag, ipTag] = [0x82, 0x87];

/** The bytes of an address; undefined for what is none. */
function bytesOf(address: string): number[] | undefined {
  if (isIPv4(address)) return address.split(".").map(Number);
  if (!isIPv6(address)) return undefined;
  // A URL writes every IPv6 address in one way, IPv4 in its end as hexadecimal.
  const [head = "", tail] = new URL(`http://${inUrl(address)}`).hostname.slice(1, -1).split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)));
  const [first, last] = [groups(head), groups(tail ?? "")];
  const zeros = Array<number>(8 - first.length - last.length).fill(0);
  return [...first, ...zeros, ...last].flatMap((group) => [group >> 8, group & 0xff]);
}

/** The extension by which a root vouches for local names and networks, and for these, and for nothing else (RFC 5280, 4.2.1.10). */
export function nameConstraints(hosts: readonly string[]): Uint8Array<ArrayBuffer> {
  const bare = hosts.map((host) => host.replace(/^\[|\]$/g, ""));
  const suffixes = [...localSuffixes, ...bare.filter((host) => bytesOf(host) === undefined)];
  const single = bare.flatMap((host) => {
    const bytes = bytesOf(host);
    return bytes === undefined || isLocal(bytes) ? [] : [[bytes, bytes.length * 8] as const];
  });
  const subtrees = [
    ...[...new Set(suffixes)].map((suffix) => der(dnsTag, [...Buffer.from(suffix, "ascii")])),
    ...[...localNetworks, ...single].map(([bytes, bits]) => der(ipTag, [...bytes, ...maskOf(bytes.length, bits)])),
  ];
  const permitted = der(
    0xa0,
    subtrees.flatMap((name) => der(0x30, name)),
  );
  return Uint8Array.from(der(0x30, permitted));
}

const isIn = (bytes: readonly number[], network: readonly number[], bits: number): boolean =>
  bytes.length === network.length &&
  maskOf(bytes.length, bits).every((mask, index) => ((bytes[index] ?? 0) & mask) === ((network[index] ?? 0) & mask));
const isLocal = (bytes: readonly number[]): boolean =>
  localNetworks.some(([network, bits]) => isIn(bytes, network, bits));

/** True for a name that a root with these constraints may vouch for; a name that it may not would spoil a whole certificate. */
export function isNameWithin(name: string, root: Uint8Array): boolean {
  const bytes = bytesOf(name);
  const within = Buffer.from(root);
  if (bytes !== undefined)
    return (
      isLocal(bytes) || within.includes(Buffer.from(der(ipTag, [...bytes, ...maskOf(bytes.length, bytes.length * 8)])))
    );
  const labels = name.split(".");
  return labels.some((_, index) =>
    within.includes(Buffer.from(der(dnsTag, [...Buffer.from(labels.slice(index).join("."))]))),
  );
}
