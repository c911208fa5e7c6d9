import type { Shop } from "@status-board/contracts";

/** The shop that a new database begins with; its people change the rest in its settings. */
export const firstShop = (id: string, timeZone: string): Shop => ({
  id,
  name: "Workshop",
  timeZone,
  currency: "USD",
  locale: "en-US",
  technicians: [],
  version: 1,
});
