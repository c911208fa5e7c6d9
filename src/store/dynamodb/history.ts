import { type HistoryItem, historyItemSchema } from "@status-board/contracts";
import type { HistoryLine, LiveStore } from "../live-store.ts";
import { json, keyItem, requireJson } from "./attributes.ts";
import type { Database, PutWrite } from "./database.ts";
import { eventKey, pastRange } from "./keys.ts";

/** Lines that are written at once. */
const linesAtOnce = 16;

/** A line is written once: whoever comes later with the same version has nothing new to say. */
export const lineWrite = (shopId: string, { id, item }: HistoryLine): PutWrite => ({
  Item: { ...keyItem(eventKey(shopId, id, item.version)), line: json(item) },
  ConditionExpression: "attribute_not_exists(pk)",
});

/** Cards' histories, beside their pointers in the board table, so that they live as long. */
export function createHistory(board: Database): Pick<LiveStore, "addHistory" | "readHistory"> {
  return {
    async addHistory(shopId, lines) {
      for (let first = 0; first < lines.length; first += linesAtOnce)
        await Promise.all(lines.slice(first, first + linesAtOnce).map((line) => board.put(lineWrite(shopId, line))));
    },

    async readHistory(shopId, id) {
      const { items } = await board.query(pastRange(shopId, id));
      if (items.length === 0) return undefined;
      const lines = items.filter(({ line }) => line !== undefined);
      return lines.map((item): HistoryItem => historyItemSchema.parse(requireJson(item, "line")));
    },
  };
}
