import { describe, expect, it } from "vitest";
import { countOf, filterColumns, techniciansOn } from "./filter.ts";
import { boardOf, cardOf } from "./testing/cards.ts";

const ana = { id: "01JQ0000000000000000000001", name: "Ana Novak" };
const ben = { id: "01JQ0000000000000000000002", name: "Ben Öz" };
const golf = cardOf("a", {
  customer: { name: "Zoë Müller", phone: "+49 30 1234", email: "zoe@example.com" },
  vehicle: { make: "VW", model: "Golf", year: 2017, plate: "B-MK 1234", vin: "WVW1" },
  services: [{ code: "OIL001", name: "Oil change", priceCents: 1, minutes: 1 }],
  notes: "Key in the letterbox",
  technician: ana,
});
const other = cardOf("b", { technician: ben });
const board = { ...boardOf({ ready: "c" }), scheduled: [golf, other] };
const found = (search: string, technician?: string) =>
  filterColumns(board, { search, technician }).scheduled.map(({ rank }) => rank);

describe("what of a board is shown", () => {
  it("leaves the columns as they are where nothing is to be left out", () => {
    expect(filterColumns(board, {})).toBe(board);
    expect(filterColumns(board, { search: "  " })).toBe(board);
  });

  it.each(["golf", "GOLF vw", "zoe muller", "müller", "bmk1234", "B-MK", "1234", "2017", "oil001", "oil change"])(
    "finds a card by %s",
    (search) => expect(found(search)).toEqual(["a"]),
  );

  it.each(["letterbox key", "wvw1", "zoe@", "novak"])("finds it by %s, too", (search) =>
    expect(found(search)).toEqual(["a"]),
  );

  it("wants all words of a search", () => {
    expect(found("golf passat")).toEqual([]);
    expect(found("customer")).toEqual(["b"]);
  });

  it("shows one technician's cards, in the cards' own objects", () => {
    expect(filterColumns(board, { technician: ben.id }).scheduled[0]).toBe(other);
    expect(found("golf", ben.id)).toEqual([]);
    expect(countOf(filterColumns(board, { technician: ben.id }))).toBe(1);
    expect(countOf(board)).toBe(3);
  });

  it("offers the shop's technicians and whoever else stands on a card, by name", () => {
    const carl = { id: "01JQ0000000000000000000003", name: "Aaron" };
    expect(techniciansOn(board, [ben, carl])).toEqual([carl, ana, ben]);
    expect(techniciansOn(undefined, [ben])).toEqual([ben]);
  });
});
