import type { ClientError } from "../../result.ts";
import type { ConnectionState } from "../../types.ts";
import { dayOf } from "../shared/days.ts";
import { errorWords } from "../shared/error-words.ts";
import { timeOf, weekdayOf } from "../shared/format.ts";
import type { PublicCard } from "./public-card.ts";

const minuteMs = 60_000;
/** The board is up so long before the first car of the day is due. */
const wakesBeforeMs = 60 * minuteMs;
/** A change before that, such as a car that stayed overnight and is ready early, keeps the board up for so long. */
const wakesForMs = 15 * minuteMs;
/** An answer to a look at the board may take so long before the screen says that it cannot be sure. */
const lookMayTakeMs = 5_000;

/** What the screen shows: cards, or a clock because there is nothing to show, or nothing yet. */
export type Scene = { kind: "cards" } | { kind: "rest"; words: string; firstAt?: string };

interface SceneInput {
  cards: readonly PublicCard[];
  /** ms since 1970. */
  now: number;
  /** When a card changed while this screen watched, in ms since 1970; undefined for not yet. */
  changedAt: number | undefined;
}

/**
 * Whether to rest: where no car is expected, in work or ready; and at night, until an hour before the first car of the
 * day that did not stay from the day before.
 */
export function sceneAt({ cards, now, changedAt }: SceneInput): Scene {
  if (cards.length === 0) return { kind: "rest", words: "No cars yet" };
  const open = cards.filter(({ status }) => status === "scheduled" || status === "in_progress" || status === "ready");
  if (open.length === 0) return { kind: "rest", words: "All cars are done for today" };
  const starts = cards.filter(({ carriedFrom }) => carriedFrom === undefined).map(({ start }) => start);
  const firstAt = starts.sort((one, other) => Date.parse(one) - Date.parse(other))[0];
  if (firstAt === undefined || now >= Date.parse(firstAt) - wakesBeforeMs) return { kind: "cards" };
  if (changedAt !== undefined && now - changedAt < wakesForMs) return { kind: "cards" };
  return { kind: "rest", words: "First car", firstAt };
}

/** Whether what is shown can be relied on (CL5). */
export function isSure(connection: ConnectionState, now: number, pollingIntervalMs: number): boolean {
  if (connection.kind === "live") return true;
  return connection.kind === "polling" && now - connection.since <= pollingIntervalMs + lookMayTakeMs;
}

interface Unsure {
  connection: ConnectionState;
  /** Why the newest look at the board failed. */
  error: ClientError | undefined;
  /** When the screen last was sure of what it shows, in ms since 1970; undefined where it shows no board yet. */
  sureAt: number | undefined;
  /** ms since 1970. */
  now: number;
  timeZone: string;
}

/** What a screen says that cannot be sure: how old the board is, and what is done about it. */
export function unsureWords({ connection, error, sureAt, now, timeZone }: Unsure): string {
  const next =
    connection.kind !== "ended"
      ? "Reconnecting."
      : connection.reason === "session_ended"
        ? "This screen has to be signed in again."
        : "Reloading.";
  if (sureAt === undefined) return error === undefined ? "Connecting." : `${errorWords(error)} Trying again.`;
  const day = dayOf(sureAt, timeZone);
  const time = timeOf(sureAt, { timeZone });
  return `Last seen ${day === dayOf(now, timeZone) ? time : `${weekdayOf(day)} ${time}`}. ${next}`;
}
