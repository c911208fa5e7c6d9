import { setTimeout as wait } from "node:timers/promises";
import { type Device, deviceSchema, limits, roleSchema } from "@status-board/contracts";
import { type Devices, pairingRememberedMs, principalOfDevice, type TriedPairing } from "../../auth/devices.ts";
import type { Tries } from "../../auth/tries.ts";
import {
  expiryItem,
  type Item,
  json,
  keyItem,
  number,
  readText,
  requireJson,
  requireNumber,
  requireText,
  text,
} from "./attributes.ts";
import type { DynamoConnectionsOptions } from "./connections.ts";
import { openDatabase } from "./database.ts";
import { deviceKey, devicesRange, pairingKey, sessionKey, triesKey } from "./keys.ts";
import { again, createPersist, raceTries } from "./tries.ts";

const readPairing = (item: Item): TriedPairing => ({
  handle: requireText(item, "handle"),
  hash: requireText(item, "hash"),
  shopId: requireText(item, "shopId"),
  name: requireText(item, "pairedName"),
  role: roleSchema.parse(requireText(item, "pairedRole")),
  expiresAt: requireText(item, "validUntil"),
  triesLeft: requireNumber(item, "triesLeft"),
  isUsed: readText(item, "usedAt") !== undefined,
});

const readDevice = (item: Item): Device => deviceSchema.parse(requireJson(item, "device"));
const until = (expiresAt: string) => ({ validUntil: text(expiresAt), ...expiryItem(expiresAt) });

/**
 * Pairing codes, devices and counted tries in the live table. A device has two rows, its session and one in its shop's
 * list, which change together. Whoever gave the client closes it.
 */
export function createDynamoDevices(options: DynamoConnectionsOptions): Devices & Tries {
  const { client, liveTable, newId, onCapacity, random = Math.random, sleep = wait } = options;
  const persist = createPersist(sleep, random);
  const database = openDatabase({ client, table: liveTable, persist, newId, onCapacity });

  /** Both rows of a device as it is to be, where neither has changed or gone since `item` was read. */
  function rewrite(item: Item, shopId: string, device: Device) {
    const hash = requireText(item, "session");
    return database.transact([
      {
        Put: {
          Item: { ...item, device: json(device), ...until(device.expiresAt) },
          ConditionExpression: "device = :before",
          ExpressionAttributeValues: { ":before": text(requireText(item, "device")) },
        },
      },
      {
        Update: {
          Key: keyItem(sessionKey(hash)),
          UpdateExpression: "SET principal = :principal, validUntil = :until, expiresAt = :expiry",
          ConditionExpression: "attribute_exists(pk)",
          ExpressionAttributeValues: {
            ":principal": json(principalOfDevice(shopId, device)),
            ":until": text(device.expiresAt),
            ":expiry": expiryItem(device.expiresAt).expiresAt ?? number(0),
          },
        },
      },
    ]);
  }

  /** Changes a device, anew when somebody else changes it meanwhile; undefined when there is none. */
  function change(
    shopId: string,
    id: string,
    now: string,
    next: (device: Device) => Device,
  ): Promise<Device | undefined> {
    return persist(async () => {
      const item = await database.get(deviceKey(shopId, id));
      if (item === undefined || requireText(item, "validUntil") <= now) return undefined;
      const device = next(readDevice(item));
      const result = await rewrite(item, shopId, device);
      if (result.kind === "written") return device;
      const hasNoSession = result.verdicts[1]?.failed === true;
      return hasNoSession ? undefined : again;
    }, raceTries);
  }

  return {
    async putPairing({ handle, hash, shopId, name, role, expiresAt }, now) {
      const rememberedUntil = new Date(Date.parse(expiresAt) + pairingRememberedMs).toISOString();
      const result = await database.put({
        Item: {
          ...keyItem(pairingKey(handle)),
          ...{ handle: text(handle), hash: text(hash), shopId: text(shopId) },
          ...{ pairedName: text(name), pairedRole: text(role), triesLeft: number(limits.pairingMaxTries) },
          validUntil: text(expiresAt),
          ...expiryItem(rememberedUntil),
        },
        ConditionExpression: "attribute_not_exists(pk) OR validUntil <= :now",
        ExpressionAttributeValues: { ":now": text(now) },
      });
      return result.kind === "written";
    },

    async tryPairing(handle) {
      const result = await database.update({
        Key: keyItem(pairingKey(handle)),
        UpdateExpression: "SET triesLeft = triesLeft - :one",
        ConditionExpression: "triesLeft > :none",
        ExpressionAttributeValues: { ":one": number(1), ":none": number(0) },
      });
      if (result.kind === "refused") {
        const met = result.verdicts[0]?.item;
        return met && readPairing(met);
      }
      const pairing = readPairing(result.item);
      return { ...pairing, triesLeft: pairing.triesLeft + 1 };
    },

    async claimPairing(handle, { hash, device, shopId }) {
      const { pairedAt, expiresAt, id } = device;
      const result = await database.transact([
        {
          Update: {
            Key: keyItem(pairingKey(handle)),
            UpdateExpression: "SET usedAt = :now",
            ConditionExpression: "attribute_not_exists(usedAt) AND validUntil > :now",
            ExpressionAttributeValues: { ":now": text(pairedAt) },
          },
        },
        {
          Put: {
            Item: {
              ...keyItem(sessionKey(hash)),
              principal: json(principalOfDevice(shopId, device)),
              ...until(expiresAt),
            },
          },
        },
        {
          Put: {
            Item: {
              ...keyItem(deviceKey(shopId, id)),
              ...{ device: json(device), session: text(hash) },
              ...until(expiresAt),
            },
          },
        },
      ]);
      return result.kind === "written";
    },

    async listDevices(shopId, now) {
      const { items } = await database.query(devicesRange(shopId));
      return items.filter((item) => requireText(item, "validUntil") > now).map(readDevice);
    },

    renameDevice: (shopId, id, name, now) => change(shopId, id, now, (device) => ({ ...device, name })),

    async revokeDevice(shopId, id) {
      const item = await database.get(deviceKey(shopId, id));
      if (item === undefined) return undefined;
      const hash = requireText(item, "session");
      // The session first: should the second not happen, the device is still listed, and can be revoked again.
      await database.delete({ Key: keyItem(sessionKey(hash)) });
      await database.delete({ Key: keyItem(deviceKey(shopId, id)) });
      return hash;
    },

    async seeDevice({ shopId, user }, now, expiresAt) {
      await change(shopId, user.id, now, (device) => ({ ...device, lastSeenAt: now, expiresAt }));
    },

    async countTry(kind, expiresAt) {
      const result = await database.update({
        Key: keyItem(triesKey(kind)),
        UpdateExpression: "SET expiresAt = :expiry ADD tries :one",
        ExpressionAttributeValues: {
          ":expiry": expiryItem(expiresAt).expiresAt ?? number(0),
          ":one": number(1),
        },
      });
      return result.kind === "written" ? requireNumber(result.item, "tries") : 1;
    },
  };
}
