import { type Device, limits, type Role } from "@status-board/contracts";
import type { Principal } from "./principal.ts";

/** The device that a code stands for, under the part of the code by which it is found. */
export interface KeptPairing {
  handle: string;
  /** Of the part that proves it; see pairing-code.ts. */
  hash: string;
  shopId: string;
  name: string;
  role: Role;
  /** ISO 8601. */
  expiresAt: string;
}

/** A code's row as a try has met it. */
export interface TriedPairing extends KeptPairing {
  /** Tries that were left before this one; 0 for a code that is ended. */
  triesLeft: number;
  isUsed: boolean;
}

/** The codes that wait for their devices, and the devices. A device is a session with a name of its own. */
export interface Devices {
  /** Keeps a code with all of its tries; false when its handle is another's that is still good. */
  putPairing(pairing: KeptPairing, now: string): Promise<boolean>;
  /** Counts one more try at a code, and only then shows it, so that no number of tries at once gets more of them. */
  tryPairing(handle: string): Promise<TriedPairing | undefined>;
  /** Uses a code up and begins the session of its device, both or neither; false when it was used or expired meanwhile. */
  claimPairing(handle: string, session: { hash: string; device: Device; shopId: string }): Promise<boolean>;
  /** The shop's devices that are not forgotten, in no order. */
  listDevices(shopId: string, now: string): Promise<Device[]>;
  /** Renames a device for all that it does from now on; undefined when there is none. */
  renameDevice(shopId: string, id: string, name: string, now: string): Promise<Device | undefined>;
  /** Ends a device with its session, whose hash it gives; undefined when there is none. */
  revokeDevice(shopId: string, id: string): Promise<string | undefined>;
  /** Notes that a device was seen, and lets it live until `expiresAt`; nothing where it was revoked. */
  seeDevice(principal: Principal, now: string, expiresAt: string): Promise<void>;
}

/** A code that was used, has expired or was tried too often is remembered for so long, to be told as such. */
export const pairingRememberedMs = 86_400_000;

/** How long a device of this role may be away. */
export const deviceValidMs = (role: Role): number =>
  role === "viewer" ? limits.viewerDeviceValidMs : limits.staffDeviceValidMs;

/** The principal of a device: whatever is done by it is done in its name. */
export const principalOfDevice = (shopId: string, { id, name, role }: Device): Principal => ({
  shopId,
  user: { id, name },
  role,
  isDevice: true,
});

/**
 * Until when a device lives that is seen now, where that must be noted: its end tells when it was noted last. undefined
 * where it was noted within the hour, and for whoever is no device.
 */
export function seenUntil({ isDevice, role, session }: Principal, now: Date): string | undefined {
  if (!isDevice || session === undefined) return undefined;
  const validMs = deviceValidMs(role);
  const notedAgoMs = now.getTime() + validMs - Date.parse(session.expiresAt);
  return notedAgoMs < limits.deviceSeenEveryMs ? undefined : new Date(now.getTime() + validMs).toISOString();
}
