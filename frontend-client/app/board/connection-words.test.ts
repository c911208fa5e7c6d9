import { describe, expect, it } from "vitest";
import type { ConnectionState } from "../../types.ts";
import { connectionWords } from "./connection-words.ts";

const since = Date.parse("2026-03-03T13:02:00.000Z");
const wordsOf = (connection: ConnectionState, now = since + 5_000, hasBoard = true) =>
  connectionWords({ connection, hasBoard, now, shop: { timeZone: "Europe/Berlin" } });

describe("what is said of the connection", () => {
  it("[CL5] has a word for every state, and a sentence for each that is not sure", () => {
    expect(wordsOf({ kind: "live" })).toEqual({ tone: "good", word: "Live" });
    expect(wordsOf({ kind: "polling", since }).sentence).toContain("30 s");
    expect(wordsOf({ kind: "stale", since })).toMatchObject({
      word: "Out of date",
      sentence: "This board may be out of date. You see 14:02.",
      action: "try",
    });
  });

  it("[CL5] counts down to the next try", () => {
    expect(wordsOf({ kind: "reconnecting", since, retryAt: since + 13_000 })).toEqual({
      tone: "late",
      word: "Reconnecting",
      sentence: "Can't reach the board. You see 14:02.",
      countdown: "Trying again in 8 s.",
      action: "try",
    });
    expect(wordsOf({ kind: "reconnecting", since, retryAt: since + 5_100 }).countdown).toBe("Trying again in 1 s.");
    expect(wordsOf({ kind: "reconnecting", since, retryAt: since + 5_000 }).countdown).toBe("Trying now.");
    expect(wordsOf({ kind: "reconnecting", since }).countdown).toBe("Trying now.");
    expect(wordsOf({ kind: "reconnecting", since, retryAt: since + 95_000 }).countdown).toBe("Trying again in 2 min.");
  });

  it("makes no sentence of a moment, nor of the first connection", () => {
    expect(wordsOf({ kind: "reconnecting", since }, since + 1_999)).toEqual({ tone: "soon", word: "Reconnecting" });
    expect(wordsOf({ kind: "reconnecting", since }, since + 60_000, false).sentence).toBeUndefined();
  });

  it("[HT7] says what helps when the connection is over for good", () => {
    expect(wordsOf({ kind: "ended", reason: "protocol_too_old" }).action).toBe("reload");
    expect(wordsOf({ kind: "ended", reason: "session_ended" }).action).toBe("sign-in");
    expect(wordsOf({ kind: "ended", reason: "closed" }).word).toBe("Closed");
  });
});
