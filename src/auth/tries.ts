import { limits } from "@status-board/contracts";

/** Counts what may not happen too often. */
export interface Tries {
  /** Counts one more of this kind, and gives how many there were, this one included, until `expiresAt`, ISO 8601. */
  countTry(kind: string, expiresAt: string): Promise<number>;
}

/** How long to wait before the next try, in ms; undefined when this one is welcome. */
export type Throttled = number | undefined;

/**
 * Judges a try to guess a code: by the address that it comes from, and by all that came from anywhere (the address
 * first, so that one of them alone cannot shut out the others).
 */
export async function throttleGuess(
  address: string | undefined,
  { tries, clock }: { tries: Tries; clock: () => Date },
): Promise<Throttled> {
  const now = clock().getTime();
  const window = Math.floor(now / limits.pairingTriesWindowMs);
  const endsAt = (window + 1) * limits.pairingTriesWindowMs;
  const expiresAt = new Date(endsAt).toISOString();
  const counts = [
    [`${window} from ${networkOf(address ?? "nowhere")}`, limits.pairingTriesPerAddress],
    [`${window} in all`, limits.pairingTriesInAll],
  ] as const;
  for (const [kind, most] of counts) if ((await tries.countTry(`pair ${kind}`, expiresAt)) > most) return endsAt - now;
  return undefined;
}

/** One household has a whole /64 of IPv6 addresses to itself; IPv4 in the dress of IPv6 is IPv4. */
export function networkOf(address: string): string {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (v4 !== undefined || !address.includes(":")) return v4 ?? address;
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail ? tail.split(":") : [];
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => "0");
  return [...groups, ...zeros, ...rest]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}

/** Beyond these, the oldest give way: many addresses fill no memory. */
const remembered = 10_000;

/** Counts of this process; a restart forgets them, which is no way in for whoever cannot restart it. */
export function memoryTries(clock: () => Date): Tries {
  const counts = new Map<string, { count: number; expiresAt: string }>();
  return {
    countTry: async (kind, expiresAt) => {
      const now = clock().toISOString();
      const known = counts.get(kind);
      const count = known !== undefined && known.expiresAt > now ? known.count + 1 : 1;
      counts.set(kind, { count, expiresAt });
      const [oldest] = counts.keys();
      if (counts.size > remembered && oldest !== undefined) counts.delete(oldest);
      return count;
    },
  };
}
