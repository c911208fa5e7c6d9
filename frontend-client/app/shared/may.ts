import { type Role, statusesOf } from "@status-board/contracts";

/** What a role lets one do on this page (AU4); the server judges it again. */
export const may = {
  /** Some cards at least: see `targetsOf` for where to. */
  moveCards: (role: Role) => statusesOf(role).length > 0,
  /** Create, edit and cancel appointments. */
  writeCards: (role: Role) => role === "advisor" || role === "manager",
  /** A card's history and the list of services are not for the hall. */
  readDetails: (role: Role) => role !== "viewer",
  editServices: (role: Role) => role === "manager",
  pairDevices: (role: Role) => role === "manager",
  /** Hear of backups, the disk and the clock. */
  careForData: (role: Role) => role === "manager",
} as const;
