import type { Role } from "@status-board/contracts";

/** What a role is called among people. */
export const roleWords: Readonly<Record<Role, string>> = {
  viewer: "viewer",
  technician: "technician",
  advisor: "service advisor",
  manager: "manager",
};
