import { expect, it } from "vitest";
import type { StoredCard, Tombstone } from "../../domain/appointment.ts";
import { cardItem, readStored, tombstoneItem } from "./card-item.ts";

const at = "2031-03-03T08:00:00.001Z";
const anna = { id: "anna", name: "Anna" };
const memory = [
  { id: "m2", hash: "h2", version: 3 },
  { id: "-", hash: "h1", version: 2 },
];
const tombstone: Tombstone = {
  kind: "tombstone",
  id: "ID",
  date: "2031-03-03",
  version: 4,
  at,
  by: anna,
  expiresAt: "2031-03-10T08:00:00.001Z",
  memory,
};
const stored: StoredCard = {
  kind: "card",
  card: {
    id: "ID",
    date: "2031-03-03",
    version: 3,
    status: "ready",
    rank: "V",
    start: at,
    end: at,
    customer: { name: "Zoë" },
    vehicle: {},
    services: [],
    totalCents: 0,
    paidCents: 0,
    checkInAt: at,
    createdAt: at,
    updatedAt: at,
    updatedBy: anna,
  },
  memory,
};

it("[CA6] lets a tombstone expire in whole seconds, never too early", () => {
  const item = tombstoneItem("s1", tombstone);
  expect(item.expiresAt).toEqual({ N: String(Date.parse("2031-03-10T08:00:01.000Z") / 1000) });
  expect(item).toMatchObject({ place: { S: "removed##ID" }, status: { S: "removed" } });
  expect(readStored(item)).toStrictEqual(tombstone);
});

it("[MV5] keeps what a move alters in attributes of its own, and the rest in one string", () => {
  const item = cardItem("s1", stored);
  expect(Object.keys(item).toSorted()).toEqual(
    [
      ...["pk", "sk", "place", "version", "status", "rank", "checkInAt", "createdAt", "updatedAt", "updatedBy"],
      ...["details", "mutation1", "mutation2", "undoVersion"],
    ].toSorted(),
  );
  expect(item.place).toEqual({ S: "ready#V#ID" });
  expect(item.mutation1).toEqual({ S: "m2 h2 3" });
  expect(readStored(item)).toStrictEqual(stored);
});

it("[MV7] reads the way back, also of a mover whose mutation id is a mere dash", () => {
  const undo = { undoMutation: { S: "-" }, undoVersion: { N: "3" }, undoAt: { S: at }, undoBy: { S: "anna" } };
  const previous = { previousStatus: { S: "scheduled" }, previousRank: { S: "F" }, previousCheckInAt: { S: "-" } };
  expect(readStored({ ...cardItem("s1", stored), ...undo, ...previous })).toStrictEqual({
    ...stored,
    undo: { mutationId: "-", version: 3, at, by: "anna", status: "scheduled", rank: "F" },
  });
});

it("says which attribute an item lacks", () => {
  const { details, ...rest } = cardItem("s1", stored);
  expect(() => readStored(rest)).toThrow("details");
});
