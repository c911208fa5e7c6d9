import type { Devices } from "../auth/devices.ts";
import type { Sessions } from "../auth/sessions.ts";
import type { Feed } from "../live/ports.ts";
import type { withMeter } from "../runtime/meter.ts";
import type { LiveStore } from "../store/live-store.ts";
import type { Store } from "../store/store.ts";

/** A database that is ready, as the truth, as what was published of it, and as the feed between the two. */
export interface OpenedStore {
  store: Store;
  live: LiveStore;
  feed: Feed;
  sessions: Sessions;
  devices: Devices;
  /** Counts what a request costs, where the database has calls to count. */
  metered?: typeof withMeter;
  /** Deletes what has expired; for an hourly timer. */
  prune: () => Promise<void>;
  /** The database's file, where it is one. */
  file?: string;
}
