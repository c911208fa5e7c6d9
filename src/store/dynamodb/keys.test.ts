import { expect, it } from "vitest";
import * as keys from "./keys.ts";

it("[AU5] puts the shop into the partition key of all that belongs to it", () => {
  expect(keys.shopKey("s1")).toEqual({ pk: "SHOP#s1", sk: "CONFIG" });
  expect(keys.cardKey("s1", "2031-03-03", "ID")).toEqual({ pk: "SHOP#s1#DAY#2031-03-03", sk: "APPT#ID" });
  expect(keys.pointerKey("s1", "ID")).toEqual({ pk: "SHOP#s1#APPT#ID", sk: "DAY" });
  expect(keys.serviceKey("s1", "ID")).toEqual({ pk: "SHOP#s1#SERVICES", sk: "SERVICE#ID" });
  expect(keys.shopListingKey("s1")).toEqual({ pk: "SHOPS", sk: "SHOP#s1" });
});

it("[SV2] gives a code one key whatever its case", () => {
  expect(keys.codeKey("s1", "oil-001")).toEqual({ pk: "SHOP#s1#SERVICES", sk: "CODE#OIL-001" });
  expect(keys.codeKey("s1", "Oil-001")).toEqual(keys.codeKey("s1", "OIL-001"));
});

it("reads the day and the id back from a card's key", () => {
  const { pk, sk } = keys.cardKey("s1", "2031-03-03", "ID");
  expect([keys.dateOf(pk), keys.cardIdOf(sk)]).toEqual(["2031-03-03", "ID"]);
});

it("[MV5] sorts places by rank, then id, also where one rank begins with another", () => {
  const inOrder = [
    ["5", "B"],
    ["50001", "A"],
    ["5A", "A"],
    ["5A", "B"],
    ["5z", "A"],
    ["6", "A"],
  ] as const;
  const places = inOrder.map(([rank, id]) => keys.placeOf("ready", rank, id));
  expect(places.toSorted()).toEqual(places);
  expect(places.map(keys.partsOfPlace)).toEqual(inOrder.map(([rank, id]) => ({ status: "ready", rank, id })));
});
