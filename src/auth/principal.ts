import type { Named, Role } from "@status-board/contracts";

/** Who is asking, for which shop, and in which role. */
export interface Principal {
  shopId: string;
  user: Named;
  role: Role;
}
