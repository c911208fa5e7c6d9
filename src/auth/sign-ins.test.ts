import { expect, it } from "vitest";
import { hashOfSecret, newSecret } from "./secrets.ts";
import { memorySignIns } from "./sign-ins.ts";
import { signInsContract } from "./testing/sessions-contract.ts";

signInsContract("Memory", async () => ({ store: memorySignIns() }));

it("[AU2] holds 10,000 at most: the oldest give way", async () => {
  const signIns = memorySignIns();
  const mine = { browser: hashOfSecret(newSecret()), nonce: "n", verifier: "v", returnTo: "/" };
  const [now, end] = ["2031-03-03T08:00:00.000Z", "2031-03-03T08:10:00.000Z"];
  for (let count = 0; count <= 10_000; count++) await signIns.putSignIn(String(count), mine, end);
  expect(await signIns.takeSignIn("0", mine.browser, now)).toBeUndefined();
  expect(await signIns.takeSignIn("1", mine.browser, now)).toEqual(mine);
  expect(await signIns.takeSignIn("10000", mine.browser, now)).toEqual(mine);
});
