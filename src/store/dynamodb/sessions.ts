import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import type { Sessions } from "../../auth/sessions.ts";
import type { SignIns } from "../../auth/sign-ins.ts";
import { expiryItem, json, keyItem, requireJson, requireText, text } from "./attributes.ts";
import { readPrincipal } from "./connection-item.ts";
import type { DynamoConnectionsOptions } from "./connections.ts";
import { openDatabase } from "./database.ts";
import { deviceKey, sessionKey, signInKey } from "./keys.ts";
import { createPersist } from "./tries.ts";

const attemptSchema = z.object({ browser: z.string(), nonce: z.string(), verifier: z.string(), returnTo: z.string() });

/**
 * Sessions, and sign-ins that are under way, in the live table. Their rows may be seen for long after they expired, so
 * the moment itself is in them. Whoever gave the client closes it.
 */
export function createDynamoSessions(options: DynamoConnectionsOptions): Sessions & SignIns {
  const { client, liveTable, newId, onCapacity, random = Math.random, sleep = wait } = options;
  const persist = createPersist(sleep, random);
  const database = openDatabase({ client, table: liveTable, persist, newId, onCapacity });
  const until = (expiresAt: string) => ({ validUntil: text(expiresAt), ...expiryItem(expiresAt) });

  return {
    async putSession(hash, { shopId, user, role }, expiresAt) {
      const principal = json({ shopId, user, role });
      await database.put({ Item: { ...keyItem(sessionKey(hash)), principal, ...until(expiresAt) } });
    },

    async findSession(hash, now) {
      const item = await database.get(sessionKey(hash));
      if (item === undefined) return undefined;
      const expiresAt = requireText(item, "validUntil");
      return expiresAt > now ? { ...readPrincipal(item), session: { hash, expiresAt } } : undefined;
    },

    async endSession(hash) {
      const ended = await database.delete({ Key: keyItem(sessionKey(hash)) });
      if (ended.kind !== "deleted" || ended.item === undefined) return;
      const { isDevice, shopId, user } = readPrincipal(ended.item);
      if (isDevice) await database.delete({ Key: keyItem(deviceKey(shopId, user.id)) });
    },

    async putSignIn(hash, attempt, expiresAt) {
      const attemptItem = { attempt: json(attempt), browser: text(attempt.browser) };
      await database.put({ Item: { ...keyItem(signInKey(hash)), ...until(expiresAt), ...attemptItem } });
    },

    async takeSignIn(hash, browser, now) {
      const result = await database.delete({
        Key: keyItem(signInKey(hash)),
        ConditionExpression: "browser = :browser AND validUntil > :now",
        ExpressionAttributeValues: { ":browser": text(browser), ":now": text(now) },
      });
      return result.kind === "deleted" && result.item
        ? attemptSchema.parse(requireJson(result.item, "attempt"))
        : undefined;
    },
  };
}
