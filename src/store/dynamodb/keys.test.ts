import { expect, it } from "vitest";
import * as keys from "./keys.ts";

it("[AU5] puts the shop into the partition key of all that belongs to it", () => {
  expect(keys.shopKey("s1")).toEqual({ pk: "SHOP#s1", sk: "CONFIG" });
  expect(keys.cardKey("s1", "2031-03-03", "ID")).toEqual({ pk: "SHOP#s1#DAY#2031-03-03", sk: "APPT#ID" });
  expect(keys.pointerKey("s1", "ID")).toEqual({ pk: "SHOP#s1#APPT#ID", sk: "DAY" });
  expect(keys.serviceKey("s1", "ID")).toEqual({ pk: "SHOP#s1#SERVICES", sk: "SERVICE#ID" });
  expect(keys.shopListingKey("s1")).toEqual({ pk: "SHOPS", sk: "SHOP#s1" });
  const board = "SHOP#s1#DAY#2031-03-03";
  expect(keys.headKey("s1", "2031-03-03")).toEqual({ pk: board, sk: "HEAD" });
  expect(keys.watcherKey("s1", "2031-03-03", "ID")).toEqual({ pk: board, sk: "CONN#ID" });
  expect(keys.eventKey("s1", "ID", 2)).toEqual({ pk: "SHOP#s1#APPT#ID", sk: "EVENT#0000000000000002" });
});

it("[LV2] sorts revisions by their numbers, however large, and no other row of a board among them", () => {
  const revs = [1, 2, 9, 10, 99, 100, Number.MAX_SAFE_INTEGER];
  const sortKeys = revs.map((rev) => keys.changeKey("s1", "2031-03-03", rev).sk);
  expect(sortKeys.toSorted()).toEqual(sortKeys);
  expect(sortKeys.map(keys.revOf)).toEqual(revs);
  const { from, to } = keys.changesRange("s1", "2031-03-03", 10);
  const others = ["CHANGE", "CONN#ID", "HEAD"];
  expect([...sortKeys, ...others].filter((sk) => from <= sk && sk <= to)).toEqual(sortKeys.slice(3));
});

it("[LV1] tells a card's key from every other", () => {
  const day = "2031-03-03";
  expect(keys.cardOfKey(keys.cardKey("s1", day, "ID"))).toEqual({ shopId: "s1", date: day, id: "ID" });
  const others = [keys.headKey("s1", day), keys.pointerKey("s1", "ID"), keys.eventKey("s1", "ID", 1), keys.metaKey];
  for (const key of others) expect(keys.cardOfKey(key)).toBeUndefined();
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
