import { type Appointment, type Board, type Status, statuses } from "@status-board/contracts";
import {
  columnsOf,
  createLiveBoard,
  createStatusBoardClient,
  type LiveBoard,
  type LiveBoardOptions,
  type StatusBoardClientOptions,
} from "@status-board/frontend-client";
import { expect, onTestFinished, vi } from "vitest";
import type { Api } from "../../../src/testing/api.ts";

/** A real client as people would run it, with its sockets in the test's hand. */
export interface Screen {
  board: LiveBoard<Appointment>;
  date: string;
  /** What the screen holds against the truth: empty when it did at no time go back. */
  regressions: readonly string[];
  /** How many sockets it has opened. */
  socketCount: () => number;
  /** Closes the socket as a browser would. */
  cut: () => void;
}

const impatient = { retryFirstMs: 20, retryMaxMs: 500, heartbeatVisibleMs: 1_000, answerWaitMs: 1_000 };

type ScreenOptions = Pick<StatusBoardClientOptions, "baseUrl" | "headers" | "fetch"> &
  Omit<LiveBoardOptions, "client"> & {
    /** Is shown each socket that is opened. */
    onSocket?: (socket: WebSocket) => void;
  };

/** A screen that is quick to try again. `through` replaces the address that the server names for its socket. */
export function openScreen(given: ScreenOptions, through?: string): Screen {
  const { baseUrl, headers, fetch, onSocket, ...options } = given;
  const sockets: WebSocket[] = [];
  class Watched extends (options.webSocket ?? WebSocket) {
    constructor(url: string | URL) {
      const address = new URL(url);
      if (through !== undefined) address.host = new URL(through).host;
      super(address);
      sockets.push(this);
      onSocket?.(this);
    }
  }
  const client = createStatusBoardClient({
    ...(baseUrl !== undefined && { baseUrl }),
    ...(headers && { headers }),
    ...(fetch && { fetch }),
  });
  const webSocket = options.webSocket === null ? null : Watched;
  const board = createLiveBoard<Appointment>({ ...impatient, ...options, client, webSocket });
  onTestFinished(() => board.close());
  const regressions: string[] = [];
  watchForRegressions(board, regressions);
  return {
    board,
    date: options.date,
    regressions,
    socketCount: () => sockets.length,
    cut: () => sockets.at(-1)?.close(),
  };
}

/** Notes each card that becomes older than it was, or returns from a removal no older than itself, within one epoch. */
function watchForRegressions(board: LiveBoard<Appointment>, regressions: string[]): void {
  let before = board.getState().replica;
  board.subscribe(() => {
    const after = board.getState().replica;
    if (after.epoch === before.epoch && after.cards !== before.cards)
      for (const { id, version } of after.cards.values()) {
        const known = before.cards.get(id)?.version ?? before.removed.get(id) ?? 0;
        if (version < known) regressions.push(`${id} went from ${known} to ${version} at rev ${after.rev}`);
      }
    before = after;
  });
}

type Shown = Record<Status, readonly Appointment[]>;

export const shownBy = ({ board }: Screen): Shown => columnsOf(board.getState().replica);

export function truthOf({ columns }: Board): Shown {
  const { scheduled, in_progress, ready, completed, no_show } = columns;
  return {
    scheduled: scheduled.items,
    in_progress: in_progress.items,
    ready: ready.items,
    completed: completed.items,
    no_show: no_show.items,
  };
}

/** The ids and versions of the columns, which say it all and are short to read. */
export const brief = (shown: Shown): string =>
  statuses.map((status) => `${status}: ${shown[status].map(({ id, version }) => `${id}v${version}`)}`).join("; ");

/** Waits until every screen is sure of itself and shows exactly what the store has; nobody may write meanwhile. */
export async function expectAllEqual(screens: readonly Screen[], api: Api, timeoutMs = 60_000): Promise<void> {
  for (const date of new Set(screens.map((screen) => screen.date))) {
    const those = screens.filter((screen) => screen.date === date);
    await vi.waitFor(
      async () => {
        const truth = await api.ok("getBoard", { query: { date } });
        for (const screen of those) {
          const { replica, connection } = screen.board.getState();
          expect(connection.kind).toBe("live");
          expect({ epoch: replica.epoch, rev: replica.rev }).toEqual({ epoch: truth.epoch, rev: truth.rev });
          expect(brief(shownBy(screen))).toBe(brief(truthOf(truth)));
        }
      },
      { timeout: timeoutMs, interval: 100 },
    );
    const truth = truthOf(await api.ok("getBoard", { query: { date } }));
    for (const screen of those) expect(shownBy(screen)).toEqual(truth);
  }
  for (const { regressions } of screens) expect(regressions).toEqual([]);
}

export const isLive = ({ board }: Screen): boolean => board.getState().connection.kind === "live";

/** Waits until a screen is live. */
export const untilLive = (screen: Screen): Promise<void> =>
  vi.waitFor(() => expect(screen.board.getState().connection.kind).toBe("live"), { timeout: 60_000 });
