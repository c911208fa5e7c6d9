import type { Bodies } from "./bodies.ts";
import type { Database } from "./database.ts";
import type { Pointers } from "./pointers.ts";
import type { Persist } from "./tries.ts";

/** What the parts of one store share: its table, its memories and its clock. */
export interface Context {
  database: Database;
  pointers: Pointers;
  bodies: Bodies;
  persist: Persist;
  now: () => Date;
}
