import {
  type ApiError,
  type Appointment,
  appointmentSchema,
  type Board,
  boardSchema,
  type Changes,
  changesSchema,
  type Diff,
  diffSchema,
  type ErrorCode,
  errorSchema,
} from "@status-board/contracts";

export const day = "2031-03-03";
const at = `${day}T09:00:00.000Z`;

/** A whole card, which the contract takes for one. */
export const sampleCard = (change: Partial<Appointment> = {}): Appointment =>
  appointmentSchema.parse({
    id: "01K00000000000000000000CAR",
    date: day,
    version: 1,
    status: "scheduled",
    rank: "V",
    start: at,
    end: `${day}T10:00:00.000Z`,
    customer: { name: "Ana" },
    vehicle: { plate: "B-XY 1" },
    services: [{ code: "OIL001", name: "Oil change", priceCents: 4_900, minutes: 30 }],
    totalCents: 4_900,
    paidCents: 0,
    createdAt: at,
    updatedAt: at,
    updatedBy: { id: "ana", name: "Ana" },
    ...change,
  });

/** A board with these cards in scheduled. */
export function sampleBoard(cards: Appointment[] = [sampleCard()], change: Partial<Board> = {}): Board {
  const none = { items: [], count: 0 };
  const columns = {
    scheduled: { items: cards, count: cards.length },
    in_progress: none,
    ready: none,
    completed: none,
    no_show: none,
  };
  const removed = [{ id: "01K000000000000000000G0NE0", version: 3 }];
  return boardSchema.parse({ date: day, epoch: "first", rev: 4, columns, removed, ...change });
}

/** A revision of the first epoch with these cards in it. */
export const sampleDiff = (rev: number, ...cards: Appointment[]): Diff =>
  diffSchema.parse({
    type: "diff",
    date: day,
    epoch: "first",
    rev,
    ops: cards.map((card) => ({ op: "upsert", card })),
    at,
  });

export const sampleChanges = (): Changes =>
  changesSchema.parse({
    epoch: "first",
    rev: 6,
    head: 6,
    changes: [
      { type: "diff", date: day, epoch: "first", rev: 5, ops: [{ op: "upsert", card: sampleCard() }], at },
      {
        type: "diff",
        date: day,
        epoch: "first",
        rev: 6,
        ops: [{ op: "remove", id: sampleCard().id, version: 2, by: { id: "ana", name: "Ana" } }],
        at,
      },
    ],
  });

const details: { [Code in ErrorCode]?: object } = {
  invalid_request: { issues: [{ path: "customer.name", message: "is required" }] },
  conflict: { reason: "id_reused" },
  version_conflict: { current: sampleCard({ version: 7 }) },
  invalid_transition: { from: "completed", to: "scheduled", allowed: ["ready"] },
  revision_gone: { epoch: "second", rev: 9 },
};

/** A failure with this code as the server tells of it. */
export const sampleError = (code: ErrorCode): ApiError =>
  errorSchema.parse({ code, message: "No.", correlationId: "server-0001", ...details[code] });
