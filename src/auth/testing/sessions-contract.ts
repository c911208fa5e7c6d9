import { describe, expect, it as test } from "vitest";
import type { Principal } from "../principal.ts";
import { hashOfSecret, newSecret } from "../secrets.ts";
import type { Sessions } from "../sessions.ts";
import type { SignInAttempt, SignIns } from "../sign-ins.ts";

interface Opened<Store> {
  store: Store;
  /** The same as another process sees it. Default: the same object. */
  elsewhere?: Store;
  close?: () => Promise<void>;
}

const newHash = () => hashOfSecret(newSecret());
const now = "2031-03-03T08:00:00.000Z";
const end = "2031-03-03T20:00:00.500Z";
const justBefore = "2031-03-03T20:00:00.499Z";
const ana: Principal = { shopId: "north", user: { id: "ana|1", name: 'Ana "O"' }, role: "advisor" };

/** What every store of sessions has to pass. `open` is called for each test. */
export function sessionsContract(name: string, open: () => Promise<Opened<Sessions>>): void {
  const it = testsWith(open);
  describe(`${name} as sessions`, () => {
    it("[AU2] tells whose session it is and when it ends, to every process", async (store, elsewhere) => {
      const [mine, theirs] = [newHash(), newHash()];
      const guest: Principal = { shopId: "south", user: { id: "tv", name: "TV" }, role: "viewer" };
      await store.putSession(mine, ana, end);
      await store.putSession(theirs, guest, end);
      expect(await elsewhere.findSession(mine, now)).toStrictEqual({ ...ana, session: { hash: mine, expiresAt: end } });
      expect(await store.findSession(theirs, now)).toMatchObject(guest);
      expect(await store.findSession(newHash(), now)).toBeUndefined();
    });

    it("[AU2] is over from the moment at which it expires", async (store) => {
      const hash = newHash();
      await store.putSession(hash, ana, end);
      expect(await store.findSession(hash, justBefore)).toMatchObject(ana);
      expect(await store.findSession(hash, end)).toBeUndefined();
    });

    it("[AU2] is over at once when it is ended, also twice, and no other with it", async (store, elsewhere) => {
      const [mine, other] = [newHash(), newHash()];
      for (const hash of [mine, other]) await store.putSession(hash, ana, end);
      for (const hash of [mine, mine, newHash()]) await elsewhere.endSession(hash);
      expect(await store.findSession(mine, now)).toBeUndefined();
      expect(await elsewhere.findSession(mine, now)).toBeUndefined();
      expect(await store.findSession(other, now)).toMatchObject(ana);
    });

    it("[AU2] never lets one session stand in for another", async (store) => {
      const [former, next] = [newHash(), newHash()];
      await store.putSession(former, ana, end);
      const session = { hash: former, expiresAt: "2099-01-01T00:00:00.000Z" };
      await store.putSession(next, { ...ana, session }, end);
      expect(await store.findSession(next, now)).toStrictEqual({ ...ana, session: { hash: next, expiresAt: end } });
    });
  });
}

/** What every store of sign-ins under way has to pass. */
export function signInsContract(name: string, open: () => Promise<Opened<SignIns>>): void {
  const it = testsWith(open);
  const attempt = (): SignInAttempt => ({ browser: newHash(), nonce: "n", verifier: "v", returnTo: "/?search=%22" });
  describe(`${name} as sign-ins`, () => {
    it("[AU2] gives a sign-in to the browser that began it, once", async (store, elsewhere) => {
      const [hash, mine] = [newHash(), attempt()];
      await store.putSignIn(hash, mine, end);
      expect(await store.takeSignIn(hash, newHash(), now)).toBeUndefined();
      expect(await store.takeSignIn(newHash(), mine.browser, now)).toBeUndefined();
      expect(await elsewhere.takeSignIn(hash, mine.browser, now)).toStrictEqual(mine);
      expect(await store.takeSignIn(hash, mine.browser, now)).toBeUndefined();
    });

    it("[AU2] gives it to one of ten who come at once", async (store, elsewhere) => {
      const [hash, mine] = [newHash(), attempt()];
      await store.putSignIn(hash, mine, end);
      const tries = Array.from({ length: 5 }, () => [store, elsewhere]).flat();
      const answers = await Promise.all(tries.map((one) => one.takeSignIn(hash, mine.browser, now)));
      expect(answers.filter((answer) => answer !== undefined)).toStrictEqual([mine]);
    });

    it("[AU2] gives none from the moment at which it expires", async (store) => {
      const [early, late] = [newHash(), newHash()];
      const mine = attempt();
      for (const hash of [early, late]) await store.putSignIn(hash, mine, end);
      expect(await store.takeSignIn(early, mine.browser, justBefore)).toStrictEqual(mine);
      expect(await store.takeSignIn(late, mine.browser, end)).toBeUndefined();
    });
  });
}

function testsWith<Store>(open: () => Promise<Opened<Store>>) {
  return (title: string, run: (store: Store, elsewhere: Store) => Promise<void>) =>
    test(title, async () => {
      const { store, elsewhere = store, close } = await open();
      try {
        await run(store, elsewhere);
      } finally {
        await close?.();
      }
    });
}
