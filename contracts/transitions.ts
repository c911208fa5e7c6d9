import type { Status } from "./appointment.ts";
import type { Role } from "./roles.ts";

/** Where a card may go from each column: `forward` is the day's course, `back` corrects it by one step (MV1). */
const transitions: Record<Status, { forward: readonly Status[]; back: readonly Status[] }> = {
  scheduled: { forward: ["in_progress", "ready", "no_show"], back: [] },
  in_progress: { forward: ["ready", "completed"], back: ["scheduled"] },
  ready: { forward: ["completed"], back: ["in_progress"] },
  completed: { forward: [], back: ["ready"] },
  no_show: { forward: [], back: ["scheduled"] },
};

/** The columns among which a technician moves cards (AU4); the others belong to the front desk. */
const technicianStatuses: readonly Status[] = ["scheduled", "in_progress", "ready"];

/** Servers and screens read the same table, so that a menu offers what the server takes. */
const everyStatus = Object.keys(transitions) as Status[];

/** The columns whose cards a role may touch at all. */
export function statusesOf(role: Role): readonly Status[] {
  if (role === "viewer") return [];
  return role === "technician" ? technicianStatuses : everyStatus;
}

/** True where MV1 lets a card go from one column to another; within a column it always may. */
export function isAllowed(from: Status, to: Status): boolean {
  return from === to || transitions[from].forward.includes(to) || transitions[from].back.includes(to);
}

/** True for a step backwards, which the history marks as a correction. */
export function isCorrection(from: Status, to: Status): boolean {
  return transitions[from].back.includes(to);
}

/** The columns from which this role may move a card into `to`, `to` itself included; empty when it may not at all. */
export function sourcesOf(to: Status, role: Role): readonly Status[] {
  const open = statusesOf(role);
  return open.includes(to) ? open.filter((from) => isAllowed(from, to)) : [];
}

/** The columns into which this role may move a card that stands in `from`, its own excluded. */
export function targetsOf(from: Status, role: Role): Status[] {
  const open = statusesOf(role);
  return open.includes(from) ? open.filter((to) => to !== from && isAllowed(from, to)) : [];
}
