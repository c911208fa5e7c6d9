import type { ConnectionState } from "../../types.ts";
import { minutesInWords, type ShopFormats, timeOf } from "../shared/format.ts";

/** How the connection is shown: a dot's colour never stands without its word. */
export interface ConnectionWords {
  tone: "good" | "soon" | "late";
  /** "Live", "Reconnecting". */
  word: string;
  /** What it means for what is seen; undefined while all is well. */
  sentence?: string;
  /** Changes every second, so it is not read out. */
  countdown?: string;
  /** What helps. */
  action?: "try" | "reload" | "sign-in";
}

/** A pause shorter than this is only a word: most are over before a sentence could be read. */
const briefMs = 2_000;

interface Seen {
  connection: ConnectionState;
  /** False until the first snapshot. */
  hasBoard: boolean;
  /** ms since 1970. */
  now: number;
  shop: Pick<ShopFormats, "timeZone">;
}

/** What to say of the connection (CL5). */
export function connectionWords({ connection, hasBoard, now, shop }: Seen): ConnectionWords {
  if (connection.kind === "live") return { tone: "good", word: "Live" };
  if (connection.kind === "ended") return endedWords(connection.reason);
  if (!hasBoard) return { tone: "soon", word: "Connecting" };
  const seen = `You see ${timeOf(connection.since, shop)}.`;
  if (connection.kind === "polling")
    return { tone: "soon", word: "Not live", sentence: "Changes by others show with a delay of up to 30 s." };
  if (connection.kind === "stale")
    return { tone: "late", word: "Out of date", sentence: `This board may be out of date. ${seen}`, action: "try" };
  if (now - connection.since < briefMs) return { tone: "soon", word: "Reconnecting" };
  return {
    tone: "late",
    word: "Reconnecting",
    sentence: `Can't reach the board. ${seen}`,
    countdown: tryingWords(connection.retryAt, now),
    action: "try",
  };
}

function tryingWords(retryAt: number | undefined, now: number): string {
  const seconds = retryAt === undefined ? 0 : Math.ceil((retryAt - now) / 1_000);
  if (seconds <= 0) return "Trying now.";
  return seconds < 60 ? `Trying again in ${seconds} s.` : `Trying again in ${minutesInWords(Math.ceil(seconds / 60))}.`;
}

function endedWords(reason: Extract<ConnectionState, { kind: "ended" }>["reason"]): ConnectionWords {
  if (reason === "session_ended")
    return {
      tone: "late",
      word: "Signed out",
      sentence: "You are signed out. What you see stands still.",
      action: "sign-in",
    };
  if (reason === "protocol_too_old")
    return { tone: "late", word: "New version", sentence: "There is a new version of this page.", action: "reload" };
  return { tone: "late", word: "Closed" };
}
