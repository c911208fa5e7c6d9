import { describe, expect, it } from "vitest";
import { readUrl, type UrlState, writeUrl } from "./url-state.ts";

const id = "01JQ0000000000000000000001";

describe("what the address says", () => {
  it("reads nothing as the board of today", () => {
    expect(readUrl("")).toEqual({ view: "board", isNew: false });
    expect(writeUrl(readUrl(""))).toBe("");
  });

  it("reads back all that it wrote", () => {
    const state: UrlState = {
      view: "services",
      date: "2026-03-03",
      technician: id,
      search: "Müller & Söhne #1?",
      appointment: id,
      isNew: true,
    };
    expect(readUrl(writeUrl(state))).toEqual(state);
  });

  it("drops what makes no sense", () => {
    const query = "?view=admin&date=2026-02-30&technician=1&q=&appointment=<img>&new=yes&other=1";
    expect(readUrl(query)).toEqual({ view: "board", isNew: false });
  });

  it("cuts a search at what can be searched for", () => {
    expect(readUrl(`?q=${"a".repeat(500)}`).search).toHaveLength(100);
  });
});
