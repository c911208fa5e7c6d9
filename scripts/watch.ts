/** Prints each change of a board as it happens: see `npm run watch -- --help`. */
import { parseArgs } from "node:util";
import { type Appointment, dateSchema, type ServerMessage, serverMessageSchema } from "@status-board/contracts";
import { type ConnectionState, createLiveBoard } from "@status-board/frontend-client";
import { linesOf } from "./watch/lines.ts";

const usage =
  "usage: npm run watch -- --url URL --date YYYY-MM-DD [--until ID] [--timeout SECONDS] [--header 'name: value'] …";
const help = `${usage}

Prints a line for each change of the board: who moved what from where to where, and how long ago it was committed. It
resumes by itself after a cut, and says when it is unsure.

  --url URL                address of the server, e.g. http://127.0.0.1:3000
  --date YYYY-MM-DD        the board's day
  --until ID               end with exit code 0 as soon as a change of this card has come
  --timeout SECONDS        end with exit code 1 after so long (only with --until)
  --header 'name: value'   sent with every request; may be repeated`;

function wrong(problem: string): never {
  console.error(`${problem}\n${usage}`);
  process.exit(2);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        url: { type: "string" },
        date: { type: "string" },
        until: { type: "string" },
        timeout: { type: "string" },
        header: { type: "string", multiple: true },
        help: { type: "boolean", short: "h" },
      },
    });
    return values;
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

const { url = "", date = "", until, timeout, header = [], help: wantsHelp } = readOptions();
if (wantsHelp) {
  console.log(help);
  process.exit(0);
}
if (!/^https?:\/\//.test(url) || !URL.canParse(url)) wrong("--url must be an http or https address");
if (!dateSchema.safeParse(date).success) wrong("--date must be a calendar day, YYYY-MM-DD");
if (timeout !== undefined && !/^[1-9][0-9]{0,4}$/.test(timeout)) wrong("--timeout must be a number of seconds");

const headers = Object.fromEntries(
  header.map((line) => {
    const [name = "", ...value] = line.split(":");
    return [name.trim(), value.join(":").trim()];
  }),
);

function sayState(connection: ConnectionState): void {
  const at = new Date().toISOString();
  if (connection.kind === "live") console.log(`${at}  live: everything up to now is here`);
  else if (connection.kind === "ended") {
    console.log(`${at}  ended: ${connection.reason}`);
    process.exit(1);
  } else console.log(`${at}  unsure: ${connection.kind}`);
}

/** Says what a message tells before the board takes it, while the card is still as it was. */
function onMessage(raw: ServerMessage): void {
  const message = serverMessageSchema.parse(raw);
  const { replica } = board.getState();
  if (message.type === "reset")
    console.log(`${new Date().toISOString()}  rev ${message.rev}  reset: looking at the board anew`);
  if (message.type === "error") console.log(`${new Date().toISOString()}  error: ${message.message}`);
  if (message.type !== "diff" || message.rev <= replica.rev) return;
  for (const line of linesOf(message, replica.cards, Date.now())) console.log(line);
  const isAwaited = message.ops.some((op) => (op.op === "upsert" ? op.card.id : op.id) === until);
  if (until !== undefined && isAwaited) process.exit(0);
}

const board = createLiveBoard<Appointment>({ baseUrl: url.replace(/\/+$/, ""), date, headers, onMessage });
let said: ConnectionState | undefined;
board.subscribe(() => {
  const { connection } = board.getState();
  if (connection !== said) sayState(connection);
  said = connection;
});
if (until !== undefined && timeout !== undefined)
  setTimeout(() => {
    console.error(`no change of ${until} came within ${timeout} s`);
    process.exit(1);
  }, Number(timeout) * 1000);
