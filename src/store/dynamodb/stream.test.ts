import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type StoredCard, type Tombstone, tombstoneOf } from "../../domain/appointment.ts";
import { type Item, keyItem, number, text } from "./attributes.ts";
import { cardItem, tombstoneItem } from "./card-item.ts";
import { codeKey, eventKey, type Key, metaKey, pointerKey, serviceKey, shopKey, shopListingKey } from "./keys.ts";
import { readStreamRecord } from "./stream.ts";

const shopId = "north";
const date = "2031-03-03";
const at = "2031-03-03T08:00:00.000Z";
const id = "01K0000000000000000000CARD";
const anna = { id: "anna", name: "Anna" };

const card: StoredCard = {
  kind: "card",
  card: {
    id,
    date,
    version: 2,
    status: "ready",
    rank: "V",
    start: at,
    end: at,
    customer: { name: "Zoë Secret" },
    vehicle: {},
    services: [],
    totalCents: 0,
    paidCents: 0,
    createdAt: at,
    updatedAt: at,
    updatedBy: anna,
  },
  memory: [{ id: "m1", hash: "h", version: 2 }],
};
const tombstone: Tombstone = tombstoneOf(card, { by: anna, at, movedTo: "2031-03-04" });

/** A record as a function gets it, as far as it is read. */
function recordOf(eventName: string, keys: Item, images: { OldImage?: Item; NewImage?: Item }) {
  return {
    eventID: "1",
    eventName,
    eventSource: "aws:dynamodb",
    awsRegion: "eu-central-1",
    dynamodb: {
      ApproximateCreationDateTime: 1_930_291_200,
      Keys: keys,
      ...images,
      SequenceNumber: "4421584500000000017450439091",
      SizeBytes: 26,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  };
}

const position = "4421584500000000017450439091";
const [here, left] = [cardItem(shopId, card), tombstoneItem(shopId, tombstone)];
const keys: Item = { pk: text(`SHOP#${shopId}#DAY#${date}`), sk: text(`APPT#${id}`) };
const place = { shopId, date, id, position };

describe("a record of the stream", () => {
  it.each([
    ["a new card", recordOf("INSERT", keys, { NewImage: here }), { after: card }],
    ["another version", recordOf("MODIFY", keys, { OldImage: here, NewImage: here }), { before: card, after: card }],
    ["a departure", recordOf("MODIFY", keys, { OldImage: here, NewImage: left }), { before: card, after: tombstone }],
    ["a return", recordOf("MODIFY", keys, { OldImage: left, NewImage: here }), { before: tombstone, after: card }],
  ])("[LV1] tells of %s", (_, record, sides) => {
    expect(readStreamRecord(record)).toStrictEqual({ kind: "change", change: { ...place, ...sides } });
  });

  it("[CA6] tells of a tombstone that expired as of something that is not there", () => {
    const expiry = { ...recordOf("REMOVE", keys, { OldImage: left }), userIdentity: { type: "Service" } };
    expect(readStreamRecord(expiry)).toStrictEqual({ kind: "change", change: { ...place, before: tombstone } });
  });

  it("[LV1] is no change when it tells of anything but a card", () => {
    const others: Key[] = [
      metaKey,
      shopKey(shopId),
      shopListingKey(shopId),
      pointerKey(shopId, id),
      eventKey(shopId, id, 2),
      serviceKey(shopId, id),
      codeKey(shopId, "APPT#1"),
    ];
    for (const key of others) {
      const item = { ...keyItem(key), whatever: { L: [] } };
      expect(readStreamRecord(recordOf("INSERT", keyItem(key), { NewImage: item })), key.pk).toBeUndefined();
    }
  });

  it.each([
    ["lacks the new image", recordOf("MODIFY", keys, { OldImage: here })],
    ["has images of keys alone", recordOf("MODIFY", keys, { OldImage: keys, NewImage: keys })],
    ["has no version", recordOf("INSERT", keys, { NewImage: { ...here, version: text("two") } })],
    ["has an unknown status", recordOf("INSERT", keys, { NewImage: { ...here, status: text("lost") } })],
    ["has broken JSON", recordOf("INSERT", keys, { NewImage: { ...here, details: text('{"customer":"Zoë Secret') } })],
    ["has a broken old image", recordOf("MODIFY", keys, { OldImage: { version: number(1) }, NewImage: here })],
    ["has a list for a text", recordOf("INSERT", keys, { NewImage: { ...here, rank: { L: [] } } })],
  ])("[LV7] is unreadable when it %s, names its board, and says nothing of the customer", (_, record) => {
    const item = readStreamRecord(record);
    expect(item).toStrictEqual({
      kind: "unreadable",
      position,
      board: { shopId, date },
      reason: expect.stringMatching(/^the record/),
    });
    expect(JSON.stringify(item)).not.toContain("Secret");
  });

  it("[LV7] is unreadable when it does not say what it is about, and keeps its position if it has one", () => {
    const nameless = recordOf("INSERT", {}, { NewImage: here });
    expect(readStreamRecord(nameless)).toEqual({ kind: "unreadable", position, reason: expect.any(String) });
    expect(readStreamRecord({})).toEqual({ kind: "unreadable", position: "", reason: expect.any(String) });
    const board = { shopId, date };
    const placeless = { eventName: "INSERT", dynamodb: { Keys: keys, NewImage: here } };
    expect(readStreamRecord(placeless)).toEqual({
      kind: "unreadable",
      position: "",
      board,
      reason: expect.any(String),
    });
  });

  it("[LV7] never throws, whatever it is", () => {
    const anyImage = fc.dictionary(
      fc.constantFrom(...Object.keys(here)),
      fc.oneof(fc.jsonValue(), fc.constant(text("-"))),
    );
    const anyRecord = fc.oneof(
      fc.anything(),
      anyImage.map((image) => ({
        eventName: "MODIFY",
        dynamodb: { SequenceNumber: position, Keys: keys, OldImage: here, NewImage: image },
      })),
    );
    fc.assert(
      fc.property(anyRecord, (record) => {
        readStreamRecord(record);
      }),
      { numRuns: 500 },
    );
  });
});
