import { type HistoryItem, historyChanges } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { sentenceOf } from "./history-sentence.ts";

const reader = {
  shop: { timeZone: "Europe/Berlin", locale: "en-GB", currency: "EUR" },
  today: "2026-03-03",
  userId: "me",
};
const ana = { id: "ana", name: "Ana" };
const item = (change: HistoryItem["change"], rest: Partial<HistoryItem> = {}): HistoryItem => ({
  version: 2,
  at: "2026-03-03T13:02:00.000Z",
  by: ana,
  change,
  ...rest,
});
const wordsOf = (...given: Parameters<typeof item>) => sentenceOf(item(...given), reader).words;

describe("history as sentences", () => {
  it.each<[HistoryItem["change"], Partial<HistoryItem>, string]>([
    ["created", {}, "Ana made this appointment"],
    ["edited", {}, "Ana edited it"],
    ["moved", { from: "in_progress", to: "ready" }, "Ana moved it to Ready"],
    ["corrected", { from: "ready", to: "in_progress" }, "Ana put it back to In progress"],
    ["reordered", {}, "Ana changed its place in the column"],
    ["undone", { from: "ready", to: "scheduled" }, "Ana undid a move: it is back in Scheduled"],
    ["undone", { from: "ready", to: "ready" }, "Ana undid a move within the column"],
    ["rescheduled", { from: "2026-03-03", to: "2026-03-05" }, "Ana rescheduled it from Tue 3 Mar to Thu 5 Mar"],
    [
      "carried",
      { by: { id: "system", name: "system" }, from: "2026-03-02", to: "2026-03-03" },
      "It stayed overnight, from Mon 2 Mar to Tue 3 Mar",
    ],
    ["respaced", {}, "Its column was tidied up, and it kept its place"],
    ["removed", {}, "Ana cancelled this appointment"],
  ])("tells %s %j", (change, rest, words) => {
    expect(wordsOf(change, rest).replaceAll(",", "")).toBe(words.replaceAll(",", ""));
  });

  it("has words for every change of the contract, each its own", () => {
    const sentences = historyChanges.map((change) => wordsOf(change, { from: "scheduled", to: "ready" }));
    expect(new Set(sentences).size).toBe(historyChanges.length);
    expect(sentences).not.toContain("Ana changed it");
  });

  it("tells the reader's own deeds as his, and a change it has never heard of without failing", () => {
    expect(wordsOf("edited", { by: { id: "me", name: "Owner" } })).toBe("You edited it");
    expect(wordsOf("painted" as HistoryItem["change"])).toBe("Ana changed it");
  });

  it("names the day by the shop's clock, unless it is today", () => {
    const whenOf = (at: string) => sentenceOf(item("edited", { at }), reader).when;
    expect(whenOf("2026-03-03T13:02:00.000Z")).toBe("14:02");
    expect(whenOf("2026-03-02T23:30:00.000Z")).toBe("00:30");
    expect(whenOf("2026-03-02T22:30:00.000Z").replaceAll(",", "")).toBe("Mon 2 Mar 23:30");
  });
});
