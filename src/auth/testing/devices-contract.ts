import { type Device, limits } from "@status-board/contracts";
import { ulid } from "ulid";
import { describe, expect, it as test } from "vitest";
import type { Devices, KeptPairing } from "../devices.ts";
import { hashOfSecret, newSecret } from "../secrets.ts";
import type { Sessions } from "../sessions.ts";
import type { Tries } from "../tries.ts";

interface Opened {
  devices: Devices;
  sessions: Sessions;
  /** The same as another process sees it. Default: the same object. */
  elsewhere?: Devices;
  close?: () => Promise<void>;
}

const now = "2031-03-03T08:00:00.000Z";
const inTenMinutes = "2031-03-03T08:10:00.000Z";
const end = "2031-04-02T08:00:00.000Z";

let made = 0;
const newHash = () => hashOfSecret(newSecret());
/** A handle that no other test of this run uses. */
const newHandle = () => `${process.pid}-${Date.now()}-${made++}`;
const pairing = (given: Partial<KeptPairing> = {}): KeptPairing => ({
  handle: newHandle(),
  hash: newHash(),
  shopId: "north",
  name: 'Tom\'s "phone"',
  role: "technician",
  expiresAt: inTenMinutes,
  ...given,
});
const device = (given: Partial<Device> = {}): Device => ({
  id: ulid(),
  name: 'Tom\'s "phone"',
  role: "technician",
  pairedAt: now,
  lastSeenAt: now,
  expiresAt: end,
  ...given,
});

/** What every store of pairing codes and devices has to pass. `open` is called for each test. */
export function devicesContract(name: string, open: () => Promise<Opened>): void {
  const it = (title: string, run: (opened: Required<Omit<Opened, "close">>) => Promise<void>) =>
    test(title, async () => {
      const opened = await open();
      try {
        await run({ elsewhere: opened.devices, ...opened });
      } finally {
        await opened.close?.();
      }
    });

  /** A device that was paired, with its session's hash. */
  async function paired({ devices }: Pick<Opened, "devices">, given: Partial<Device> = {}, shopId = ulid()) {
    const kept = pairing({ shopId });
    const [made, hash] = [device(given), newHash()];
    expect(await devices.putPairing(kept, now)).toBe(true);
    expect(await devices.claimPairing(kept.handle, { hash, device: made, shopId })).toBe(true);
    return { device: made, hash, shopId };
  }

  describe(`${name} as pairing codes`, () => {
    it("[AU1] shows a code to each try, and counts down to none", async ({ devices, elsewhere }) => {
      const kept = pairing();
      expect(await devices.putPairing(kept, now)).toBe(true);
      for (let left: number = limits.pairingMaxTries; left >= 0; left--)
        expect(await elsewhere.tryPairing(kept.handle)).toStrictEqual({ ...kept, triesLeft: left, isUsed: false });
      expect(await devices.tryPairing(kept.handle)).toMatchObject({ triesLeft: 0 });
      expect(await devices.tryPairing(newHandle())).toBeUndefined();
    });

    it("[AU1] grants five tries to twenty that come at once", async ({ devices, elsewhere }) => {
      const { handle } = pairing();
      await devices.putPairing(pairing({ handle }), now);
      const tries = Array.from({ length: 10 }, () => [devices, elsewhere]).flat();
      const met = await Promise.all(tries.map((one) => one.tryPairing(handle)));
      const granted = met.map((one) => one?.triesLeft ?? 0).filter((left) => left > 0);
      expect(granted.toSorted()).toEqual([1, 2, 3, 4, 5]);
    });

    it("[AU1] gives a handle to one code at a time, and to another when the first has expired", async ({ devices }) => {
      const first = pairing();
      const second = pairing({ handle: first.handle, name: "TV", expiresAt: "2031-03-03T09:00:00.000Z" });
      await devices.putPairing(first, now);
      await devices.tryPairing(first.handle);
      expect(await devices.putPairing(second, now)).toBe(false);
      expect(await devices.tryPairing(first.handle)).toMatchObject({ hash: first.hash });
      await devices.claimPairing(first.handle, { hash: newHash(), device: device(), shopId: "north" });
      expect(await devices.putPairing(second, inTenMinutes)).toBe(true);
      const asNew = { ...second, triesLeft: limits.pairingMaxTries, isUsed: false };
      expect(await devices.tryPairing(first.handle)).toStrictEqual(asNew);
    });

    it("[AU1] makes a device of one of ten who claim a code at once", async ({ devices, elsewhere, sessions }) => {
      const shopId = ulid();
      const { handle } = pairing();
      await devices.putPairing(pairing({ handle, shopId }), now);
      const claims = Array.from({ length: 5 }, () => [devices, elsewhere]).flat();
      const made = claims.map((store) => ({ store, session: { hash: newHash(), device: device(), shopId } }));
      const won = await Promise.all(made.map(({ store, session }) => store.claimPairing(handle, session)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await devices.listDevices(shopId, now)).toHaveLength(1);
      const found = await Promise.all(made.map(({ session }) => sessions.findSession(session.hash, now)));
      expect(found.map((one) => one !== undefined)).toEqual(won);
      expect(await devices.tryPairing(handle)).toMatchObject({ isUsed: true });
    });

    it("[AU1] makes no device of a code from the moment at which it expires", async ({ devices, sessions }) => {
      const kept = pairing();
      await devices.putPairing(kept, now);
      const late = { hash: newHash(), device: device({ pairedAt: inTenMinutes }), shopId: kept.shopId };
      expect(await devices.claimPairing(kept.handle, late)).toBe(false);
      expect(await sessions.findSession(late.hash, inTenMinutes)).toBeUndefined();
      expect(await devices.tryPairing(kept.handle)).toMatchObject({ isUsed: false });
    });
  });

  describe(`${name} as devices`, () => {
    it("[AU1] finds a device's session, which names the device, and lists it in its shop alone", async (opened) => {
      const { device: mine, hash, shopId } = await paired(opened);
      const user = { id: mine.id, name: mine.name };
      const session = { hash, expiresAt: end };
      const principal = { shopId, user, role: "technician", isDevice: true, session };
      expect(await opened.sessions.findSession(hash, now)).toStrictEqual(principal);
      expect(await opened.elsewhere.listDevices(shopId, now)).toStrictEqual([mine]);
      expect(await opened.devices.listDevices(ulid(), now)).toEqual([]);
      await opened.sessions.putSession(newHash(), { shopId, user, role: "viewer" }, end);
      expect(await opened.devices.listDevices(shopId, now)).toStrictEqual([mine]);
    });

    it("[AU1] forgets a device from the moment at which it expires", async (opened) => {
      const { device: mine, hash, shopId } = await paired(opened);
      expect(await opened.devices.listDevices(shopId, end)).toEqual([]);
      expect(await opened.sessions.findSession(hash, end)).toBeUndefined();
      expect(await opened.devices.renameDevice(shopId, mine.id, "Late", end)).toBeUndefined();
    });

    it("[AU1] renames a device, for its session too, and no other shop's", async (opened) => {
      const { device: mine, hash, shopId } = await paired(opened);
      expect(await opened.devices.renameDevice(ulid(), mine.id, "Stolen", now)).toBeUndefined();
      expect(await opened.devices.renameDevice(shopId, ulid(), "Nobody", now)).toBeUndefined();
      const renamed = { ...mine, name: 'Bay 2 "left"' };
      expect(await opened.devices.renameDevice(shopId, mine.id, renamed.name, now)).toStrictEqual(renamed);
      expect(await opened.elsewhere.listDevices(shopId, now)).toStrictEqual([renamed]);
      const found = await opened.sessions.findSession(hash, now);
      expect(found).toMatchObject({ user: { id: mine.id, name: renamed.name }, role: mine.role, isDevice: true });
    });

    it("[AU1] revokes a device with its session, once, and no other shop's", async (opened) => {
      const { device: mine, hash, shopId } = await paired(opened);
      const other = await paired(opened, {}, shopId);
      expect(await opened.devices.revokeDevice(ulid(), mine.id)).toBeUndefined();
      expect(await opened.sessions.findSession(hash, now)).toBeDefined();
      expect(await opened.elsewhere.revokeDevice(shopId, mine.id)).toBe(hash);
      expect(await opened.sessions.findSession(hash, now)).toBeUndefined();
      expect(await opened.devices.listDevices(shopId, now)).toStrictEqual([other.device]);
      expect(await opened.devices.revokeDevice(shopId, mine.id)).toBeUndefined();
    });

    it("[AU1] loses a device whose session is ended", async (opened) => {
      const { hash, shopId } = await paired(opened);
      await opened.sessions.endSession(hash);
      expect(await opened.devices.listDevices(shopId, now)).toEqual([]);
    });

    it("[AU1] notes when a device was seen, and lets it live on", async (opened) => {
      const { device: mine, hash, shopId } = await paired(opened);
      const principal = await opened.sessions.findSession(hash, now);
      if (principal === undefined) throw new Error("the device has no session");
      const [later, longer] = ["2031-03-20T08:00:00.000Z", "2031-04-19T08:00:00.000Z"];
      await opened.elsewhere.seeDevice(principal, later, longer);
      const seen = { ...mine, lastSeenAt: later, expiresAt: longer };
      expect(await opened.devices.listDevices(shopId, end)).toStrictEqual([seen]);
      expect((await opened.sessions.findSession(hash, end))?.session).toEqual({ hash, expiresAt: longer });
    });

    it("[AU1] brings no device back that was revoked while it was seen", async (opened) => {
      const { device: mine, hash, shopId } = await paired(opened);
      const principal = await opened.sessions.findSession(hash, now);
      if (principal === undefined) throw new Error("the device has no session");
      await opened.devices.revokeDevice(shopId, mine.id);
      await opened.devices.seeDevice(principal, now, "2031-05-01T08:00:00.000Z");
      expect(await opened.sessions.findSession(hash, now)).toBeUndefined();
      expect(await opened.devices.listDevices(shopId, now)).toEqual([]);
    });
  });
}

/** What everything that counts tries has to pass. */
export function triesContract(name: string, open: () => Promise<{ tries: Tries; close?: () => Promise<void> }>): void {
  describe(`${name} as counted tries`, () => {
    test("[AU1] counts each kind by itself, however many come at once", async () => {
      const { tries, close } = await open();
      const [kind, other] = [newHandle(), newHandle()];
      const expiresAt = new Date(Date.now() + 600_000).toISOString();
      const counts = await Promise.all(Array.from({ length: 10 }, () => tries.countTry(kind, expiresAt)));
      expect(counts.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await tries.countTry(other, expiresAt)).toBe(1);
      await close?.();
    });
  });
}
