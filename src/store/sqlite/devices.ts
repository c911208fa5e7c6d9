import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { type Device, roleSchema } from "@status-board/contracts";
import {
  type Devices,
  type KeptPairing,
  pairingRememberedMs,
  principalOfDevice,
  type TriedPairing,
} from "../../auth/devices.ts";
import { integer, text } from "./rows.ts";

type Row = Record<string, SQLOutputValue>;
type Synchronous<Methods> = {
  [Name in keyof Methods]: Methods[Name] extends (...input: infer Input) => Promise<infer Answer>
    ? (...input: Input) => Answer
    : never;
};

/** The statements on codes and devices. Those that write run inside a write's transaction. */
export type DeviceRows = Synchronous<Devices> & {
  /** Deletes the codes that nobody remembers any more; devices go with their sessions. */
  prune: (now: string) => void;
};

const deviceOf = (row: Row): Device => ({
  id: text(row.device),
  name: text(row.name),
  role: roleSchema.parse(row.role),
  pairedAt: text(row.pairedAt),
  lastSeenAt: text(row.lastSeenAt),
  expiresAt: text(row.expiresAt),
});

const pairingOf = (row: Row): TriedPairing => ({
  handle: text(row.handle),
  hash: text(row.hash),
  shopId: text(row.shop),
  name: text(row.name),
  role: roleSchema.parse(row.role),
  expiresAt: text(row.expiresAt),
  triesLeft: integer(row.triesLeft),
  isUsed: integer(row.isUsed) === 1,
});

const deviceColumns =
  "device, principal ->> '$.user.name' AS name, principal ->> '$.role' AS role, pairedAt, lastSeenAt, expiresAt";

/** Prepares the statements. A device is its session's row. */
export function prepareDevices(database: DatabaseSync, maxTries: number): DeviceRows {
  const put = database.prepare(
    `INSERT INTO pairing (handle, hash, shop, name, role, expiresAt, triesLeft, isUsed) VALUES (?, ?, ?, ?, ?, ?, ?, 0)
     ON CONFLICT (handle) DO UPDATE SET hash = excluded.hash, shop = excluded.shop, name = excluded.name,
       role = excluded.role, expiresAt = excluded.expiresAt, triesLeft = excluded.triesLeft, isUsed = 0
     WHERE pairing.expiresAt <= ?`,
  );
  const find = database.prepare("SELECT * FROM pairing WHERE handle = ?");
  const count = database.prepare("UPDATE pairing SET triesLeft = triesLeft - 1 WHERE handle = ? AND triesLeft > 0");
  const use = database.prepare("UPDATE pairing SET isUsed = 1 WHERE handle = ? AND isUsed = 0 AND expiresAt > ?");
  const begin = database.prepare(
    "INSERT INTO session (hash, expiresAt, principal, shop, device, pairedAt, lastSeenAt) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const list = database.prepare(
    `SELECT ${deviceColumns} FROM session WHERE shop = ? AND device IS NOT NULL AND expiresAt > ?`,
  );
  const rename = database.prepare(
    `UPDATE session SET principal = json_set(principal, '$.user.name', ?)
     WHERE shop = ? AND device = ? AND expiresAt > ? RETURNING ${deviceColumns}`,
  );
  const revoke = database.prepare("DELETE FROM session WHERE shop = ? AND device = ? RETURNING hash");
  const see = database.prepare(
    "UPDATE session SET lastSeenAt = ?, expiresAt = ? WHERE hash = ? AND shop = ? AND device = ?",
  );
  const prune = database.prepare("DELETE FROM pairing WHERE expiresAt <= ?");

  return {
    putPairing: ({ handle, hash, shopId, name, role, expiresAt }: KeptPairing, now) =>
      put.run(handle, hash, shopId, name, role, expiresAt, maxTries, now).changes === 1,
    tryPairing: (handle) => {
      const row = find.get(handle);
      if (row === undefined) return undefined;
      count.run(handle);
      return pairingOf(row);
    },
    claimPairing: (handle, { hash, device, shopId }) => {
      const { id, pairedAt, lastSeenAt, expiresAt } = device;
      if (use.run(handle, pairedAt).changes === 0) return false;
      const principal = JSON.stringify(principalOfDevice(shopId, device));
      begin.run(hash, expiresAt, principal, shopId, id, pairedAt, lastSeenAt);
      return true;
    },
    listDevices: (shopId, now) => list.all(shopId, now).map(deviceOf),
    renameDevice: (shopId, id, name, now) => {
      const row = rename.get(name, shopId, id, now);
      return row && deviceOf(row);
    },
    revokeDevice: (shopId, id) => {
      const row = revoke.get(shopId, id);
      return row && text(row.hash);
    },
    seeDevice: ({ shopId, user, session }, now, expiresAt) => {
      if (session !== undefined) see.run(now, expiresAt, session.hash, shopId, user.id);
    },
    prune: (now) => void prune.run(new Date(Date.parse(now) - pairingRememberedMs).toISOString()),
  };
}
