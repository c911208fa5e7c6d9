import { StoreUnavailable } from "../store.ts";
import { isDatabaseError } from "./database-problem.ts";

/** What callers are told of any error of the database's. */
export const unavailable = (cause: unknown): StoreUnavailable =>
  new StoreUnavailable("the database did not answer", { cause });

/** Does synchronous work at once, and answers as the port does. */
export async function read<T>(work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    throw isDatabaseError(error) ? unavailable(error) : error;
  }
}
