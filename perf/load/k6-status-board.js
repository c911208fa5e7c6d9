/**
 * Load on a running board, by k6: `scripts/load_test.sh --tool k6` starts it, on a day that the seeder has filled.
 * People read the board and the figures and move cards, each cards of their own; a few reach for a card of somebody
 * else, and meet a conflict. Screens watch over WebSockets meanwhile. How much of each: profiles.json. What it must
 * hold: slo.json. A line goes to the log for each request: milliseconds since the start, operation, status, latency.
 */
import exec from "k6/execution";
import { cardsOf, pathTo, request, url } from "./k6-requests.js";
import { watchBoard } from "./k6-screens.js";
import { createUser } from "./k6-user.js";

const profileName = __ENV.PROFILE || "quick";
const profile = JSON.parse(open("./profiles.json"))[profileName];
if (profile === undefined) throw new Error(`there is no profile ${profileName}`);
const slos = JSON.parse(open("./slo.json"));

/** Screens share a virtual user among them, which costs k6 some megabytes. */
const screensOfWatcher = 10;
const watchers = Math.ceil(profile.screens / screensOfWatcher);
/** However many watchers there are, together they move four cards a second at most. */
const moveEveryMs = Math.max(1_000, watchers * 250);
/** Screens stay until the last answers have been pushed. */
const afterLoadSeconds = 5;

const thresholdOf = ({ statistic, target }) =>
  ({ p95: `p(95)<=${target}`, share: `rate<${target / 100}`, count: `count<=${target}`, max: `max<=${target}` })[
    statistic
  ];

export const options = {
  discardResponseBodies: false,
  summaryTrendStats: ["count", "avg", "min", "med", "p(90)", "p(95)", "p(99)", "max"],
  setupTimeout: "60s",
  scenarios: {
    people: {
      executor: "ramping-arrival-rate",
      exec: "people",
      startTime: "2s",
      startRate: profile.rates[0][1],
      timeUnit: "1s",
      preAllocatedVUs: profile.users,
      maxVUs: profile.users,
      stages: profile.rates.flatMap(([seconds, target]) => [
        { target, duration: "0s" },
        { target, duration: `${seconds}s` },
      ]),
      gracefulStop: "5s",
    },
    screens: {
      executor: "per-vu-iterations",
      exec: "screens",
      vus: watchers,
      iterations: 1,
      maxDuration: `${profile.seconds + 60}s`,
      gracefulStop: "5s",
    },
  },
  thresholds: Object.assign(
    {},
    ...slos
      .filter(({ profiles }) => profiles === undefined || profiles.includes(profileName))
      .map((slo) => ({ [slo.metric]: [thresholdOf(slo)] })),
  ),
};

export function setup() {
  const response = request("GET", pathTo.board);
  if (response.status !== 200) exec.test.abort(`${url} answered ${response.status} for the board`);
  const cards = cardsOf(response).map(({ id, status, version }) => ({ id, status, version }));
  if (cards.length < watchers + profile.users)
    exec.test.abort(`the day has ${cards.length} cards, ${watchers + profile.users} are needed: seed it first`);
  return { cards, startedAt: Date.now() };
}

let user;

/** One request of somebody: the rate of the profile is that of these. */
export function people({ cards, startedAt }) {
  user ??= createUser({ cards: cards.slice(watchers), users: profile.users, startedAt });
  user.act();
}

/** A watcher with some of the screens, and one card that it moves itself to time the way of a change to them. */
export async function screens({ cards, startedAt }) {
  const index = exec.scenario.iterationInTest;
  await watchBoard({
    card: cards[index],
    count: Math.min(screensOfWatcher, profile.screens - index * screensOfWatcher),
    startedAt,
    seconds: profile.seconds + 2,
    moveEveryMs,
    afterLoadSeconds,
    cutAfterSeconds: profile.cutAfterSeconds ?? [],
  });
}

export function handleSummary(data) {
  const { metrics, state } = data;
  return { [__ENV.SUMMARY || "k6-summary.json"]: JSON.stringify({ profile: profileName, state, metrics }) };
}
