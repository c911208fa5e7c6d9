/** Prints each change of a board as it happens: see `npm run watch -- --help`. */
import { type ConnectionState, createLiveBoard, createStatusBoardClient } from "@status-board/frontend-client";
import { signedFetch } from "./common/sign-request.ts";
import { help, parseCommand, usage, type WatchOptions } from "./watch/arguments.ts";
import { diffsIn, type WatchedCard } from "./watch/lines.ts";
import { watchProblems } from "./watch/problems.ts";
import { createTeller } from "./watch/teller.ts";

const command = parseCommand(process.argv.slice(2));
// Whoever reads only the first lines, such as head, has seen enough.
process.stdout.on("error", () => process.exit(0));

if (command.kind === "help") console.log(help);
else if (command.kind === "watch") watch(command.options);
else {
  for (const problem of command.problems) console.error(problem);
  console.error(usage);
  process.exitCode = 2;
}

function say(text: string): void {
  console.log(`${new Date().toISOString()}  ${text}`);
}

const endings = {
  protocol_too_old: "ended: the server speaks a newer protocol, so update this program",
  session_ended: "ended: the server does not take these headers for a session (any more)",
  closed: "ended",
};

function watch({ url, date, until, timeoutSeconds, headers, keys }: WatchOptions): void {
  say(`watching ${date} at ${url}`);
  const problems = watchProblems(url, (problem) => say(`${problem}; trying on`));
  const send = keys === undefined ? problems.fetch : signedFetch(keys, problems.fetch);
  const teller = createTeller();
  const board = createLiveBoard<WatchedCard>({
    client: createStatusBoardClient({ baseUrl: url, headers, fetch: send }),
    date,
    webSocket: problems.webSocket,
    // A look at the whole board tells what has become of a card, but not who moved it through which columns.
    enablePolling: false,
    onInput: (input) => {
      for (const diff of diffsIn(input)) teller.hear(diff);
      if (input.type === "reset") say(`rev ${input.rev}  reset: looking at the board anew`);
      if (input.type === "error") say(`the server does not understand: ${input.message}`);
    },
  });

  /** Since when it is not known whether everything is here; undefined while it is. */
  let unsureSince: number | undefined;
  let wasLive = false;

  function sayState(connection: ConnectionState): void {
    if (connection.kind === "ended") {
      say(endings[connection.reason]);
      process.exit(1);
    }
    if (connection.kind === "live") {
      const { cards, rev } = board.getState().replica;
      const again = unsureSince === undefined ? "" : ` again after ${Date.now() - unsureSince} ms`;
      if (!wasLive || unsureSince !== undefined) say(`live${again}: ${cards.size} cards, revision ${rev}`);
      wasLive = true;
      unsureSince = undefined;
      problems.forget();
    } else if (wasLive && unsureSince === undefined) {
      unsureSince = connection.since;
      const why = connection.kind === "stale" ? "something is missing" : "the connection is lost";
      say(`unsure since ${new Date(unsureSince).toISOString()}: ${why}`);
    }
  }

  board.subscribe(() => {
    const { replica, connection } = board.getState();
    const lines = teller.tell(replica, Date.now());
    for (const { text } of lines) console.log(text);
    if (until !== undefined && lines.some(({ id }) => id === until)) process.exit(0);
    sayState(connection);
  });

  if (timeoutSeconds !== undefined)
    setTimeout(() => {
      const why = problems.newest ?? (board.getState().connection.kind === "live" ? undefined : "it was not live");
      console.error(`no change of ${until} came within ${timeoutSeconds} s${why === undefined ? "" : `: ${why}`}`);
      process.exit(1);
    }, timeoutSeconds * 1_000);
}
