import { AsyncLocalStorage } from "node:async_hooks";

/** What one request cost the database, as far as the database says. */
export interface Meter {
  calls: number;
  /** Capacity units as DynamoDB bills them; 0 on a database that does not bill. */
  capacityUnits: number;
}

const storage = new AsyncLocalStorage<Meter>();

/** Runs `work` with a meter of its own; all that {@link meterCall} reports meanwhile counts towards it. */
export const withMeter = <T>(meter: Meter, work: () => T): T => storage.run(meter, work);

/** Adds one call to the meter of the request under way, if there is one. */
export function meterCall(capacityUnits: number): void {
  const meter = storage.getStore();
  if (meter === undefined) return;
  meter.calls++;
  meter.capacityUnits += capacityUnits;
}
