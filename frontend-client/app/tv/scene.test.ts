import { describe, expect, it } from "vitest";
import type { ConnectionState } from "../../types.ts";
import type { PublicCard } from "./public-card.ts";
import { isSure, sceneAt, unsureWords } from "./scene.ts";

const at = (time: string, day = "2031-03-03") => Date.parse(`${day}T${time}:00.000Z`);
const minuteMs = 60_000;

let cards = 0;
const card = (fields: Partial<PublicCard>): PublicCard => ({
  id: `card ${cards++}`,
  status: "scheduled",
  start: "2031-03-03T08:00:00.000Z",
  promisedAt: undefined,
  carriedFrom: undefined,
  customer: "Maria Keller",
  vehicle: undefined,
  plate: undefined,
  services: [],
  technician: undefined,
  ...fields,
});
const overnight = card({ status: "in_progress", start: "2031-03-02T15:00:00.000Z", carriedFrom: "2031-03-02" });
const first = card({});
const second = card({ start: "2031-03-03T09:30:00.000Z" });

const scene = (now: number, all: PublicCard[], changedAt?: number) => sceneAt({ cards: all, now, changedAt });

describe("what the screen shows", () => {
  it("is a clock until an hour before the first car of the day", () => {
    const firstAt = first.start;
    expect(scene(at("03:00"), [second, first])).toEqual({ kind: "rest", words: "First car", firstAt });
    expect(scene(at("06:59"), [second, first])).toMatchObject({ kind: "rest" });
    expect(scene(at("07:00"), [second, first])).toEqual({ kind: "cards" });
    expect(scene(at("12:00"), [second, first])).toEqual({ kind: "cards" });
  });

  it("is a clock at night although a car stayed overnight, and then for a while the car that was moved", () => {
    expect(scene(at("03:00"), [overnight, first])).toMatchObject({ kind: "rest", firstAt: first.start });
    expect(scene(at("06:40"), [overnight, first], at("06:30"))).toEqual({ kind: "cards" });
    expect(scene(at("06:45"), [overnight, first], at("06:30"))).toMatchObject({ kind: "rest" });
  });

  it("is the cards all day where every car has been here since before", () => {
    expect(scene(at("03:00"), [overnight])).toEqual({ kind: "cards" });
    expect(scene(at("15:00"), [overnight])).toEqual({ kind: "cards" });
  });

  it("is a clock when no car is expected, in work or ready, whatever has just changed", () => {
    const gone = [card({ status: "completed" }), card({ status: "no_show" })];
    const words = "All cars are done for today";
    expect(scene(at("17:00"), gone, at("16:59"))).toEqual({ kind: "rest", words });
    expect(scene(at("17:00"), [...gone, card({ status: "ready" })])).toEqual({ kind: "cards" });
  });

  it("is a clock on an empty day", () => {
    expect(scene(at("12:00"), [])).toEqual({ kind: "rest", words: "No cars yet" });
  });
});

const polling = (since: number): ConnectionState => ({ kind: "polling", since });
const seen = at("13:02");

describe("whether the screen is sure", () => {
  it("[CL5] it is while live, and while the last look is no older than the interval", () => {
    expect(isSure({ kind: "live" }, seen, 30_000)).toBe(true);
    expect(isSure(polling(seen), seen + 30_000, 30_000)).toBe(true);
    // The look itself takes a moment.
    expect(isSure(polling(seen), seen + 34_000, 30_000)).toBe(true);
    expect(isSure(polling(seen), seen + 36_000, 30_000)).toBe(false);
  });

  it("[CL5] it is not in any other state, however short", () => {
    expect(isSure({ kind: "reconnecting", since: seen }, seen, 30_000)).toBe(false);
    expect(isSure({ kind: "stale", since: seen }, seen, 30_000)).toBe(false);
    expect(isSure({ kind: "ended", reason: "session_ended" }, seen, 30_000)).toBe(false);
  });

  const words = (fields: Partial<Parameters<typeof unsureWords>[0]>) =>
    unsureWords({
      connection: { kind: "reconnecting", since: seen },
      error: undefined,
      sureAt: seen,
      now: seen + minuteMs,
      timeZone: "Europe/Berlin",
      ...fields,
    });

  it("[CL5] it says since when not, on the shop's clock", () => {
    expect(words({})).toBe("Last seen 14:02. Reconnecting.");
    expect(words({ connection: polling(seen) })).toBe("Last seen 14:02. Reconnecting.");
    expect(words({ now: at("09:00", "2031-03-05") })).toBe("Last seen Monday 14:02. Reconnecting.");
  });

  it("[CL5] it says what is done where the connection has come to its end", () => {
    expect(words({ connection: { kind: "ended", reason: "protocol_too_old" } })).toBe("Last seen 14:02. Reloading.");
    expect(words({ connection: { kind: "ended", reason: "session_ended" } })).toBe(
      "Last seen 14:02. This screen has to be signed in again.",
    );
  });

  it("[CL5] it does not claim to have seen a board that never came", () => {
    expect(words({ sureAt: undefined })).toBe("Connecting.");
    const error = { code: "network", message: "fetch failed", correlationId: "c" } as const;
    expect(words({ sureAt: undefined, error })).toBe("The server can't be reached. Trying again.");
  });
});
