import type { Status } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { firstCard, nextCard, nextPlace, placeOf, placeWords, targetFor, whyNot } from "./place.ts";
import { boardOf, idOf } from "./testing/cards.ts";

const board = boardOf({ scheduled: "abc", ready: "de", no_show: "f" });
const target = (letter: string, status: Status, index: number) => targetFor(board, idOf(letter), { status, index });
const next = (letter: string, direction: Parameters<typeof nextCard>[2]) =>
  nextCard(board, idOf(letter), direction)?.rank;

describe("where a card goes", () => {
  it("[MV6] names the card beside the place, never a position", () => {
    expect(target("a", "ready", 0)).toEqual({ newStatus: "ready", beforeId: idOf("d") });
    expect(target("a", "ready", 1)).toEqual({ newStatus: "ready", afterId: idOf("d") });
    expect(target("a", "ready", 2)).toEqual({ newStatus: "ready", afterId: idOf("e") });
    expect(target("a", "completed", 0)).toEqual({ newStatus: "completed" });
  });

  it("[MV6] never makes a card its own anchor", () => {
    expect(target("a", "scheduled", 1)).toEqual({ newStatus: "scheduled", afterId: idOf("b") });
    expect(target("b", "scheduled", 0)).toEqual({ newStatus: "scheduled", beforeId: idOf("a") });
    expect(target("c", "scheduled", 1)).toEqual({ newStatus: "scheduled", afterId: idOf("a") });
  });

  it("asks for nothing where the card stands already", () => {
    expect(target("b", "scheduled", 1)).toBeUndefined();
    expect(target("f", "no_show", 0)).toBeUndefined();
  });

  it("finds a card, or says that it is not shown", () => {
    expect(placeOf(board, idOf("e"))).toEqual({ status: "ready", index: 1 });
    expect(placeOf(board, idOf("z"))).toBeUndefined();
  });
});

describe("arrow keys", () => {
  const open: Status[] = ["scheduled", "ready", "no_show"];
  const carry = (status: Status, index: number, direction: Parameters<typeof nextPlace>[3]) =>
    nextPlace(board, idOf("b"), { status, index }, direction, open);

  it("carry a held card up and down to the ends of its column", () => {
    expect(carry("scheduled", 1, "up")).toEqual({ status: "scheduled", index: 0 });
    expect(carry("scheduled", 0, "up")).toBeUndefined();
    expect(carry("scheduled", 1, "down")).toEqual({ status: "scheduled", index: 2 });
    expect(carry("scheduled", 2, "down")).toBeUndefined();
    expect(carry("ready", 2, "down")).toBeUndefined();
  });

  it("[MV1] carry it sideways over columns where it may not go", () => {
    expect(carry("scheduled", 1, "right")).toEqual({ status: "ready", index: 1 });
    expect(carry("ready", 2, "right")).toEqual({ status: "no_show", index: 1 });
    expect(carry("no_show", 0, "right")).toBeUndefined();
    expect(carry("no_show", 1, "left")).toEqual({ status: "ready", index: 1 });
  });

  it("walk from card to card, over empty columns", () => {
    expect([next("a", "down"), next("c", "down"), next("a", "up")]).toEqual(["b", undefined, undefined]);
    expect([next("c", "right"), next("e", "right"), next("f", "left"), next("f", "right")]).toEqual([
      "e",
      "f",
      "d",
      undefined,
    ]);
    expect(nextCard(board, idOf("z"), "down")).toBeUndefined();
  });

  it("begin at the first card there is", () => {
    expect(firstCard(boardOf({ ready: "de" }))?.rank).toBe("d");
    expect(firstCard(boardOf({}))).toBeUndefined();
  });

  it("say where they have led", () => {
    expect(placeWords(board, idOf("b"), { status: "ready", index: 1 })).toBe("Ready, place 2 of 3");
    expect(placeWords(board, idOf("b"), { status: "scheduled", index: 2 })).toBe("Scheduled, place 3 of 3");
  });
});

describe("why a card may not go somewhere", () => {
  it("[MV1] names the column that it would have to leave first", () => {
    expect(whyNot("scheduled", "completed", "manager")).toBe("Not straight from Scheduled");
    expect(whyNot("scheduled", "ready", "manager")).toBeUndefined();
    expect(whyNot("completed", "completed", "manager")).toBeUndefined();
  });

  it("[AU4] names who may, where it is the role", () => {
    expect(whyNot("ready", "completed", "technician")).toBe("Only the front desk does that");
    expect(whyNot("scheduled", "completed", "technician")).toBe("Not straight from Scheduled");
  });
});
