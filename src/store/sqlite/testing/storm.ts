import { ulid } from "ulid";
import { addCard, moveOk, type Workshop } from "../../contract/workshop.ts";
import { openSqliteStore } from "../sqlite-store.ts";

/*
 * Run as a process of its own, to be killed: several writers move cards of the database named on the command line for
 * ever, and each write that was answered is told on standard output as `<card> <version>`.
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

async function write(): Promise<never> {
  let card = await addCard(shop);
  for (;;) {
    console.log(card.id, card.version);
    ({ card } = await moveOk(shop, card, card.status === "scheduled" ? "in_progress" : "scheduled"));
  }
}

await Promise.all(Array.from({ length: 8 }, write));
