import type { Me, Named } from "@status-board/contracts";
import { createContext, use } from "react";
import type { StatusBoardClient } from "../../status-board-client.ts";

/** What every view stands on: the API, and who is asking for which shop. */
export interface Session {
  client: StatusBoardClient;
  me: Me;
  /** The shop's, for filters and forms; empty for a viewer, who may not read the settings. */
  technicians: readonly Named[];
  /** Reads the technicians anew; those that are known stand meanwhile. */
  renewTechnicians: () => void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** The session; throws outside of {@link SessionContext}. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === undefined) throw new Error("there is no session around this component");
  return session;
}
