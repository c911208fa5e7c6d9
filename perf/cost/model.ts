/** What a call of the database costs, in calls and in capacity units read and written. */
export interface Use {
  calls: number;
  read: number;
  written: number;
}

const use = (calls: number, read: number, written: number): Use => ({ calls, read, written });

/**
 * Measured by tests/aws/capacity.test.ts, which fails when it is not so any more: on a warm function, by somebody who is
 * signed in, on a board of 60 cards that 10 screens watch.
 */
export const operations = {
  board: use(3, 5, 0),
  stats: use(3, 5, 0),
  create: use(6, 7, 5),
  move: use(3, 2, 4),
  conflict: use(3, 2, 0),
  undo: use(3, 2, 4),
  edit: use(4, 3, 3),
  publish: use(3, 1, 7),
  ticket: use(2, 1, 1),
  connect: use(3, 1, 5),
  subscribe: use(4, 3, 4),
  ping: use(3, 5, 0),
  disconnect: use(2, 1, 6),
};
export type Operation = keyof typeof operations;

/** A refused write is billed like one that was done, but DynamoDB does not say so in its refusal. */
const refusedWritten = 2;

/** One shop: days a month, hours a day, screens. */
const shop = { days: 26, hours: 10, screens: 10 };
const pingsAnHour = 3_600 / 25;
/** A page replaces its socket after 110 minutes. */
const socketsADay = Math.ceil((shop.hours * 60) / 110);

/** How often each operation happens in a shop on a day. */
export const dayOfAShop: Record<Operation, number> = {
  board: 100,
  stats: 10,
  create: 60,
  move: 300,
  conflict: 10,
  undo: 10,
  edit: 60,
  publish: 430,
  ticket: shop.screens * socketsADay,
  connect: shop.screens * socketsADay,
  subscribe: shop.screens * socketsADay,
  ping: shop.screens * shop.hours * pingsAnHour,
  disconnect: shop.screens * socketsADay,
};

/** AWS list prices of us-east-1 in dollars, as the author knew them in November 2026: check them before you rely on them. */
export const prices = {
  millionRead: 0.125,
  millionWritten: 0.625,
  gbStored: 0.25,
  gbBackedUp: 0.2,
  millionCalls: 0.2,
  gbSecond: 0.0000133334,
  millionHttp: 1,
  millionMessages: 1,
  millionConnectionMinutes: 0.25,
  gbLogged: 0.5,
  metric: 0.3,
  alarm: 0.1,
  secret: 0.4,
  key: 1,
};

/** Not measured on AWS: what Lambda bills for a call, the memory times the time, and what a call and its gateway log. */
export const assumed = { memoryGb: 1, msACall: 15, msAPublish: 60, bytesACall: 1_500, gbAYear: 0.08 };

/** The metrics that are kept and read, and the keys and secrets of a stack. */
export const stack = { metrics: 60, alarmMetrics: 51, secrets: 2, keys: 1 };

const http: readonly Operation[] = ["board", "stats", "create", "move", "conflict", "undo", "edit", "ticket"];
const sockets: readonly Operation[] = ["connect", "subscribe", "ping", "disconnect"];
const all = Object.keys(operations) as Operation[];

const aMonth = (names: readonly Operation[], of: (name: Operation) => number = () => 1): number =>
  shop.days * names.reduce((sum, name) => sum + dayOfAShop[name] * of(name), 0);

/** What one shop uses in a month. */
export function monthOfAShop() {
  const read = aMonth(all, (name) => operations[name].read);
  const refused = aMonth(["conflict"]) * refusedWritten;
  const written = aMonth(all, (name) => operations[name].written) + refused;
  const requests = aMonth(http);
  const events = aMonth(sockets);
  const pushes = aMonth(["publish"]);
  const posted = aMonth(["subscribe", "ping"]) + pushes * shop.screens;
  const gbSeconds = (assumed.memoryGb * ((requests + events) * assumed.msACall + pushes * assumed.msAPublish)) / 1_000;
  return {
    read,
    written,
    requests,
    calls: requests + events + pushes,
    /** In both directions; opening and closing a connection is none. */
    messages: aMonth(["subscribe", "ping"]) + posted,
    connectionMinutes: shop.days * shop.hours * 60 * shop.screens,
    gbSeconds,
    gbLogged: ((requests + events + pushes) * assumed.bytesACall) / 1e9,
  };
}

/** The bill of a month in dollars, by what it is for. Free tiers and discounts by volume are left out. */
export function bill(shops: number): [string, number][] {
  const month = monthOfAShop();
  const millions = (count: number, price: number) => (shops * count * price) / 1e6;
  return [
    ["DynamoDB, read", millions(month.read, prices.millionRead)],
    ["DynamoDB, written", millions(month.written, prices.millionWritten)],
    ["DynamoDB, kept and backed up after a year", shops * assumed.gbAYear * (prices.gbStored + prices.gbBackedUp)],
    ["Lambda, calls", millions(month.calls, prices.millionCalls)],
    ["Lambda, time", shops * month.gbSeconds * prices.gbSecond],
    ["HTTP API", millions(month.requests, prices.millionHttp)],
    ["WebSocket API, messages", millions(month.messages, prices.millionMessages)],
    ["WebSocket API, minutes", millions(month.connectionMinutes, prices.millionConnectionMinutes)],
    ["CloudWatch, logs and metric lines", shops * month.gbLogged * prices.gbLogged],
    ["CloudWatch, metrics and alarms", stack.metrics * prices.metric + stack.alarmMetrics * prices.alarm],
    ["Secrets and keys", stack.secrets * prices.secret + stack.keys * prices.key],
  ];
}

const whole = (count: number) => Math.round(count).toLocaleString("en-US");
const dollars = (sum: number) => sum.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** The tables of docs/COST.md. */
export function costDocument(): string[] {
  const names = all.map(
    (name) =>
      `| ${name} | ${operations[name].calls} | ${operations[name].read} | ${operations[name].written} | ${whole(dayOfAShop[name])} |`,
  );
  const month = Object.entries(monthOfAShop()).map(
    ([name, count]) => `| ${name} | ${count < 100 ? count.toFixed(2) : whole(count)} |`,
  );
  const [one, many] = [bill(1), bill(10_000)];
  const sum = (lines: [string, number][]) => lines.reduce((total, [, price]) => total + price, 0);
  const lines = one.map(
    ([name, price], index) => `| ${name} | ${dollars(price)} | ${dollars(many[index]?.[1] ?? 0)} |`,
  );
  const total = `| **together** | **${dollars(sum(one))}** | **${dollars(sum(many))}** |`;
  return [names.join("\n"), month.join("\n"), [...lines, total].join("\n")];
}
