import { createServer } from "node:http";

/*
 * The floor: the least that any server of this contract could do on the same Node. It holds the cards in memory,
 * parses what comes in and stringifies what goes out; it stores nothing, checks nothing and logs nothing.
 */

interface FloorCard {
  id: string;
  status: string;
  rank: string;
  version: number;
  totalCents: number;
  paidCents: number;
  promisedAt?: string;
  checkInAt?: string;
  checkOutAt?: string;
}

const statuses = ["scheduled", "in_progress", "ready", "completed", "no_show"];
const cards = new Map<string, FloorCard>();
const texts = new Map<string, string>();

function board() {
  const columns = Object.fromEntries(
    statuses.map((status) => {
      const items = [...cards.values()]
        .filter((card) => card.status === status)
        .sort((a, b) => (a.rank < b.rank ? -1 : 1));
      return [status, { items, count: items.length }];
    }),
  );
  return { ok: true, data: { columns, removed: [] } };
}

/** The same from cards that are held as text, as a database hands them over, and parsed for each answer. */
function parsedStats() {
  return stats([...texts.values()].map((text): FloorCard => JSON.parse(text)));
}

function stats(held: Iterable<FloorCard>) {
  const now = new Date().toISOString();
  const statusCounts = Object.fromEntries(statuses.map((status) => [status, 0]));
  let late = 0;
  let revenueCents = 0;
  let unpaidCents = 0;
  const cycles: number[] = [];
  for (const card of held) {
    statusCounts[card.status] = (statusCounts[card.status] ?? 0) + 1;
    unpaidCents += Math.max(0, card.totalCents - card.paidCents);
    if (card.promisedAt !== undefined && card.promisedAt < now) late++;
    if (card.status !== "completed") continue;
    revenueCents += card.totalCents;
    if (card.checkInAt && card.checkOutAt) cycles.push(Date.parse(card.checkOutAt) - Date.parse(card.checkInAt));
  }
  return { ok: true, data: { statusCounts, late, revenueCents, unpaidCents, cycles: cycles.length } };
}

function answer(method: string, path: string, body: string): unknown {
  if (method === "POST" && path === "/cards") {
    for (const card of JSON.parse(body) as FloorCard[]) {
      cards.set(card.id, card);
      texts.set(card.id, JSON.stringify(card));
    }
    return { ok: true };
  }
  if (path.startsWith("/stats-parsed")) return parsedStats();
  if (path.startsWith("/stats")) return stats(cards.values());
  if (path.startsWith("/board")) return board();
  const move = JSON.parse(body) as { id: string; newStatus: string; expectedVersion: number };
  const card = cards.get(move.id);
  if (card === undefined || card.version !== move.expectedVersion) return { ok: false };
  card.status = move.newStatus;
  card.version++;
  return { ok: true, data: card };
}

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on("end", () => {
    const text = JSON.stringify(answer(request.method ?? "GET", request.url ?? "/", body));
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.end(text);
  });
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object")
    process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${address.port}` })}\n`);
});
