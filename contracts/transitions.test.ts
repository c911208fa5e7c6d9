import { roles, type Status, statuses } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { isAllowed, isCorrection, sourcesOf, statusesOf, targetsOf } from "./transitions.ts";

/** MV1 as it is written: forwards, and one step back as a correction. */
const forward = [
  "scheduled > in_progress",
  "scheduled > ready",
  "scheduled > no_show",
  "in_progress > ready",
  "in_progress > completed",
  "ready > completed",
];
const corrections = ["in_progress > scheduled", "ready > in_progress", "completed > ready", "no_show > scheduled"];

const pairs = statuses.flatMap((from) => statuses.map((to): [Status, Status] => [from, to]));
const named = (chosen: [Status, Status][]) => chosen.map(([from, to]) => `${from} > ${to}`);

describe("transitions", () => {
  it("[MV1] allows the day's course, its corrections, and every column to itself", () => {
    const within = statuses.map((status) => `${status} > ${status}`);
    const allowed = named(pairs.filter(([from, to]) => isAllowed(from, to)));
    expect(allowed.toSorted()).toEqual([...forward, ...corrections, ...within].toSorted());
  });

  it("[MV1] tells corrections from the day's course", () => {
    expect(named(pairs.filter(([from, to]) => isCorrection(from, to))).toSorted()).toEqual(corrections.toSorted());
  });

  it("[AU4] opens no column to a viewer, three to a technician and all to the front desk", () => {
    expect(statusesOf("viewer")).toEqual([]);
    expect(statusesOf("technician")).toEqual(["scheduled", "in_progress", "ready"]);
    expect(statusesOf("advisor")).toEqual(statuses);
    expect(statusesOf("manager")).toEqual(statuses);
  });

  it("[AU4] names as sources and targets exactly what MV1 allows among a role's columns", () => {
    for (const role of roles) {
      const open = statusesOf(role);
      for (const [from, to] of pairs) {
        const may = open.includes(from) && open.includes(to) && isAllowed(from, to);
        expect([role, from, to, sourcesOf(to, role).includes(from)]).toEqual([role, from, to, may]);
        expect([role, from, to, targetsOf(from, role).includes(to)]).toEqual([role, from, to, may && from !== to]);
      }
    }
  });

  it("[AU4] lets a technician neither close nor reopen nor cancel", () => {
    expect(sourcesOf("completed", "technician")).toEqual([]);
    expect(sourcesOf("no_show", "technician")).toEqual([]);
    expect(sourcesOf("ready", "technician")).toEqual(["scheduled", "in_progress", "ready"]);
    expect(targetsOf("completed", "technician")).toEqual([]);
  });
});
