import type { PublicAppointment, Status } from "@status-board/contracts";
import { vehicleName } from "../shared/format.ts";

/** All that a screen in the customers' hall may know of a card, in the words that it shows (AU6). */
export interface PublicCard {
  id: string;
  status: Status;
  /** ISO 8601. */
  start: string;
  promisedAt: string | undefined;
  /** YYYY-MM-DD, for a car that stayed overnight. */
  carriedFrom: string | undefined;
  customer: string;
  vehicle: string | undefined;
  plate: string | undefined;
  services: readonly string[];
  technician: string | undefined;
}

/**
 * The public part of a card. The server sends a viewer no more than this, but whoever opens the TV view as staff gets
 * whole cards: what is not named here does not come to the screen.
 */
export function publicCard(card: PublicAppointment): PublicCard {
  const { make, model, plate } = card.vehicle;
  return {
    id: card.id,
    status: card.status,
    start: card.start,
    promisedAt: card.promisedAt,
    carriedFrom: card.carriedFrom,
    customer: card.customer.name,
    vehicle: vehicleName({ ...(make !== undefined && { make }), ...(model !== undefined && { model }) }),
    plate,
    services: card.services.map(({ name }) => name),
    technician: card.technician?.name,
  };
}
