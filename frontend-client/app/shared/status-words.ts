import type { Status } from "@status-board/contracts";

/** What staff call each column, in the order in which a car passes through them; also the name of its region. */
export const columnTitles: Readonly<Record<Status, string>> = {
  scheduled: "Scheduled",
  in_progress: "In progress",
  ready: "Ready",
  completed: "Completed",
  no_show: "No-show",
};

/** The columns in their order. The contract's own list would bring its schemas, and zod, into the page's first load. */
export const statuses = Object.keys(columnTitles) as readonly Status[];

/** What a step into a column means for the car, for hints beside its title. */
export const stepWords: Readonly<Record<Status, string>> = {
  scheduled: "it has not come yet",
  in_progress: "work begins",
  ready: "it can be fetched",
  completed: "it has left",
  no_show: "it did not come",
};
