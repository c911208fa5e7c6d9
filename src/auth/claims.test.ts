import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { recognize } from "./claims.ts";

const settings = {
  roleClaim: "cognito:groups",
  roleMap: { halls: "viewer", desk: "advisor", office: "manager" },
  shopId: "north",
} as const;
const person = (claims: object) => recognize({ sub: "ana", "cognito:groups": "desk", ...claims }, settings);
const userOf = (claims: object) => {
  const found = person(claims);
  return found.kind === "known" ? found.principal.user : undefined;
};

describe("the role", () => {
  it("[AU4] is the highest of those that the claim's values map to", () => {
    const roleOf = (groups: unknown) => {
      const found = person({ "cognito:groups": groups });
      return found.kind === "known" ? found.principal.role : found.kind;
    };
    expect([roleOf("desk"), roleOf(["halls", "office", "x"]), roleOf(["desk", "halls"])]).toEqual([
      "advisor",
      "manager",
      "advisor",
    ]);
    for (const groups of [undefined, null, "", "DESK", "desk office", "toString", [["desk"]], [], {}, 1])
      expect([groups, roleOf(groups)]).toEqual([groups, "no_role"]);
  });
});

describe("who acts", () => {
  it("[AU2] has the subject as id and the best name that the issuer gives", () => {
    expect(userOf({ name: "Ana Ortiz" })).toEqual({ id: "ana", name: "Ana Ortiz" });
    expect(userOf({ name: " ", preferred_username: "ana.o", email: "a@b.test" })?.name).toBe("ana.o");
    expect(userOf({ email: "a@b.test" })?.name).toBe("a@b.test");
    expect(userOf({ name: 7 })).toEqual({ id: "ana", name: "ana" });
  });

  it("[CA7] fits into a card, whatever the issuer calls him", () => {
    const odd = ["x".repeat(255), "a b", '"'.repeat(128), "é", "\u0000"];
    const ids = odd.map((sub) => userOf({ sub })?.id);
    expect(new Set(ids).size).toBe(odd.length);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const name = userOf({ name: `${"😀".repeat(200)}\u2028` })?.name ?? "";
    expect([...name]).toHaveLength(limits.nameMaxCharacters);
    expect(userOf({ name: "A\u0000\n\ud800B" })?.name).toBe("A  \ufffdB");
    const longest = { id: "a".repeat(128), name: "😀".repeat(limits.nameMaxCharacters) };
    const part = { rank: "z".repeat(128), at: "2031-03-03T08:00:00.000Z", from: "2031-03-03", updatedBy: longest };
    expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThan(limits.cardServerPartMaxBytes);
  });
});

it("[AU5] the shop comes from its claim where one is named, and from the settings else", () => {
  const shopOf = (claims: object) => {
    const found = recognize({ sub: "ana", "cognito:groups": "desk", ...claims }, { ...settings, shopClaim: "shop" });
    return found.kind === "known" ? found.principal.shopId : found.kind;
  };
  expect(shopOf({ shop: "south" })).toBe("south");
  for (const shop of [undefined, "", "a b", "#", 1, ["south"], "x".repeat(41)])
    expect([shop, shopOf({ shop })]).toEqual([shop, "no_shop"]);
  expect(person({ shop: "south" })).toMatchObject({ principal: { shopId: "north" } });
});
