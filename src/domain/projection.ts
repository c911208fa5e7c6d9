import type {
  Appointment,
  Board,
  Op,
  PublicAppointment,
  PublicBoard,
  PublicOp,
  PublicStats,
  Stats,
  Status,
} from "@status-board/contracts";
import { defined } from "./outcome.ts";

/**
 * What a screen in the customers' hall may show of a card (AU6): an allow-list, so that a new field stays hidden until
 * somebody decides otherwise.
 */
export function publicCard(card: Appointment): PublicAppointment {
  const { id, date, version, status, rank, start, end, promisedAt, technician, carriedFrom, checkInAt, checkOutAt } =
    card;
  const { make, model, plate } = card.vehicle;
  return defined({
    id,
    date,
    version,
    status,
    rank,
    start,
    end,
    promisedAt,
    checkInAt,
    checkOutAt,
    customer: { name: card.customer.name },
    vehicle: defined({ make, model, plate }),
    services: card.services.map(({ name }) => ({ name })),
    technician,
    carriedFrom,
  });
}

/** The board as a viewer gets it. */
export function publicBoard(board: Board): PublicBoard {
  const { scheduled, in_progress, ready, completed, no_show } = board.columns;
  const column = ({ items, count }: Board["columns"][Status]) => ({ items: items.map(publicCard), count });
  return {
    ...board,
    columns: {
      scheduled: column(scheduled),
      in_progress: column(in_progress),
      ready: column(ready),
      completed: column(completed),
      no_show: column(no_show),
    },
  };
}

/** The figures as a viewer gets them: without money. */
export function publicStats({ revenueCents, unpaidCents, ...rest }: Stats): PublicStats {
  return rest;
}

/** The same for what became of a card; a removal does not say by whom. */
export function publicOp(op: Op): PublicOp {
  if (op.op === "upsert") return { op: "upsert", card: publicCard(op.card) };
  const { id, version, movedTo } = op;
  return defined({ op: "remove" as const, id, version, movedTo });
}
