import { ulid } from "ulid";
import { addCard, moveOk, type Workshop } from "../../contract/workshop.ts";
import { openSqliteStore } from "../sqlite-store.ts";

/*
 * Run as a process of its own, to be killed: moves cards of the database named on the command line for ever and publishes
 * them. Standard output has the epoch, and then the position of each change once its revision is stored.
 */
const [file = ""] = process.argv.slice(2);
const now = () => new Date();
const store = openSqliteStore({ file, newId: () => ulid(), now });
const shop: Workshop = {
  store,
  shopId: "shop",
  now: () => now().toISOString(),
  advance: () => {},
  neighbour: async () => shop,
};

console.log(store.epoch);
store.feed.start(async (items) => {
  const changes = items.flatMap((item) => (item.kind === "change" ? [item.change] : []));
  const [first] = changes;
  if (first !== undefined) await store.live.append(first, [{ kind: "changes", changes, at: shop.now() }]);
  for (const { position } of changes) console.log(position);
});

async function write(): Promise<never> {
  let card = await addCard(shop);
  for (;;) ({ card } = await moveOk(shop, card, card.status === "scheduled" ? "in_progress" : "scheduled"));
}

await Promise.all(Array.from({ length: 8 }, write));
