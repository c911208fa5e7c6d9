/**
 * What scripts/load_test.sh has to know before it starts: a line each for the origin to put the load on, the cards to seed, the
 * seconds that the profile takes, the headers as JSON, and the profile as Artillery's overrides. Exits with 1 and a reason
 * where no load may be put, or where there is no board.
 * `node perf/load/prepare.ts --profile PROFILE --url URL --targets FILE [--header 'name: value'] …`
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { headersOf } from "../../scripts/common/arguments.ts";
import { originsOf, targetOf, whyNoBoard } from "./target.ts";

/** Ticket, board, eight figures or moves, and the board at the end: see artillery-status-board.yml. */
const requestsOfVisit = 11;
/** In which the screens of a storm come together. */
const gatheringSeconds = 10;

const profileSchema = z.object({
  seconds: z.number(),
  cards: z.number(),
  /** Seconds, and requests a second. */
  rates: z.array(z.tuple([z.number(), z.number()])),
  screens: z.number(),
  /** When every screen is cut; then Artillery's virtual users are the screens, and stay. */
  cutAfterSeconds: z.array(z.number()).optional(),
});

const { values } = parseArgs({
  options: {
    profile: { type: "string", default: "" },
    url: { type: "string", default: "" },
    targets: { type: "string", default: "" },
    header: { type: "string", multiple: true },
  },
});
const text = readFileSync(join(import.meta.dirname, "profiles.json"), "utf8");
const { [values.profile]: given } = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
const { seconds, cards, rates, screens, cutAfterSeconds } = profileSchema.parse(given);
const headers = headersOf(values);
const visits = rates.map(([duration, rate]) => ({
  duration,
  arrivalCount: Math.ceil((duration * rate) / requestsOfVisit),
}));
const phases = cutAfterSeconds ? [{ duration: gatheringSeconds, arrivalCount: screens }] : visits;
const config = { phases, http: { timeout: 10, defaults: { headers } } };

const target = targetOf(values.url, originsOf(readFileSync(values.targets, "utf8")));
const reason = "origin" in target ? await whyNoBoard(target.origin) : target.reason;
if ("origin" in target && reason === undefined)
  console.log([target.origin, cards, seconds, JSON.stringify(headers), JSON.stringify({ config })].join("\n"));
else {
  console.error(reason);
  process.exitCode = 1;
}
