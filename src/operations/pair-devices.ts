import {
  type ClaimPairing,
  type CreatePairing,
  type Device,
  type DeviceList,
  limits,
  type Paired,
  type Pairing,
  type RenameDevice,
  type RevokedDevice,
} from "@status-board/contracts";
import { deviceValidMs } from "../auth/devices.ts";
import { isGood } from "../auth/is-good.ts";
import { handleOf, hashOfCode, isSameHash, newPairingCode } from "../auth/pairing-code.ts";
import type { Principal } from "../auth/principal.ts";
import { throttleGuess } from "../auth/tries.ts";
import { invalid, notFound, type Outcome, ok, type Refusal } from "../domain/outcome.ts";
import { nowOf, type PairingPorts, type Ports } from "./ports.ts";

const nobodyToPair: Refusal = {
  kind: "forbidden",
  message: "Only this computer reaches the board, so there is nothing to pair. Start it with: npm start -- --lan",
};

/** Handles are few, and two codes of the same ten minutes may not share one. */
const handleTries = 8;

/** A code for one device, good once and for ten minutes. Only its hash is kept, so it is told here and never again. */
export async function createPairing(
  { name, role }: CreatePairing,
  { shopId }: Principal,
  { pairing, clock }: Ports,
): Promise<Outcome<Pairing>> {
  if (pairing === undefined) return nobodyToPair;
  const now = clock();
  const { length } = await pairing.devices.listDevices(shopId, now.toISOString());
  if (length >= limits.shopMaxDevices) return invalid("body", `the shop has ${length} devices: revoke one first`);
  const expiresAt = new Date(now.getTime() + limits.pairingValidMs).toISOString();
  for (let tries = 0; tries < handleTries; tries++) {
    const code = newPairingCode();
    const kept = { handle: handleOf(code), hash: await hashOfCode(code), shopId, name, role, expiresAt };
    if (await pairing.devices.putPairing(kept, now.toISOString()))
      return ok({ code, name, role, expiresAt, url: `${pairing.siteUrl()}/pair` });
  }
  throw new Error("no handle is free for another pairing code");
}

const wrong = invalid("code", "This code is wrong. Look at it once more.");
const ended = invalid("code", "This code was tried wrongly too often. Ask for a new one.");
const used = invalid("code", "This code has been used already. Ask for a new one.");
const expired = invalid("code", "This code has expired: it is good for ten minutes. Ask for a new one.");

/**
 * Makes whoever brings a code its device, whose session goes by `sessionHash` from then on. Only somebody who has the
 * whole code is told what became of it; everybody else has simply a wrong one.
 */
export async function claimPairing(
  { code }: ClaimPairing,
  { address, sessionHash }: { address: string | undefined; sessionHash: string },
  ports: Pick<Ports, "pairing" | "clock" | "newId">,
): Promise<Outcome<Paired>> {
  const { pairing, clock, newId } = ports;
  if (pairing === undefined) return nobodyToPair;
  const { devices, tries } = pairing;
  const retryAfterMs = await throttleGuess(address, { tries, clock });
  if (retryAfterMs !== undefined) return { kind: "rate_limited", retryAfterMs };
  const hash = await hashOfCode(code);
  const known = await devices.tryPairing(handleOf(code));
  if (known === undefined) return wrong;
  if (!isSameHash(known.hash, hash)) return known.triesLeft > 1 ? wrong : ended;
  if (known.triesLeft === 0) return ended;
  const { shopId, name, role } = known;
  const now = clock();
  if (known.isUsed) return used;
  if (!isGood(known.expiresAt, limits.pairingValidMs, now)) return expired;
  const device: Device = {
    id: newId(),
    name,
    role,
    pairedAt: now.toISOString(),
    lastSeenAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + deviceValidMs(role)).toISOString(),
  };
  const isMine = await devices.claimPairing(known.handle, { hash: sessionHash, device, shopId });
  return isMine ? ok({ name, role }) : used;
}

/** The shop's devices, by name; none where there is nobody to pair. */
export async function listDevices({ shopId }: Principal, ports: Ports): Promise<Outcome<DeviceList>> {
  if (ports.pairing === undefined) return ok({ items: [] });
  const items = await ports.pairing.devices.listDevices(shopId, nowOf(ports));
  return ok({ items: items.toSorted((a, b) => a.name.localeCompare(b.name, "en") || (a.id < b.id ? -1 : 1)) });
}

/** Renames a device; cards that it touched keep the name that they copied. */
export async function renameDevice(
  id: string,
  { name }: RenameDevice,
  { shopId }: Principal,
  ports: Ports,
): Promise<Outcome<Device>> {
  if (ports.pairing === undefined) return notFound;
  const device = await ports.pairing.devices.renameDevice(shopId, id, name, nowOf(ports));
  return device === undefined ? notFound : ok(device);
}

/** Ends a device at once: its session first, then the screens that it has open. */
export async function revokeDevice(
  id: string,
  { shopId }: Principal,
  { pairing }: { pairing?: PairingPorts },
): Promise<Outcome<RevokedDevice>> {
  if (pairing === undefined) return notFound;
  const sessionHash = await pairing.devices.revokeDevice(shopId, id);
  if (sessionHash === undefined) return notFound;
  await pairing.silence(sessionHash);
  return ok({ id });
}
