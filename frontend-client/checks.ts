import { type Checks, card, checksFor, isStatus, text } from "./shapes.ts";

/*
 * What a page builds on beyond what a board does: more of each card, and the answers of all other operations.
 */

const object = {};
/** Somebody. */
const named = { id: text, name: text };
/** A page of things whose fields nothing here leans on. */
const list = { items: [object] } as const;
const time = (value: unknown) => text(value) && Date.parse(value) > 0;

const wholeCard = {
  ...card,
  start: time,
  end: time,
  customer: { name: text },
  vehicle: object,
  services: [object],
} as const;
const { answers, errors, messages } = checksFor(wholeCard);

/** Everything on which a page of cards, services and people usually builds. */
export const fullChecks: Checks = {
  answers: {
    ...answers,
    getAppointment: wholeCard,
    getHistory: list,
    createAppointment: wholeCard,
    editAppointment: wholeCard,
    removeAppointment: { id: text, version: Number.isSafeInteger },
    createTicket: { ticket: text, url: text },
    listServices: list,
    getShop: { technicians: [named] },
    listDevices: list,
    getMe: { user: named, shop: { name: text, timeZone: text, locale: text, currency: text }, role: text },
  },
  errors: {
    ...errors,
    invalid_request: { issues: [{ path: text, message: text }] },
    invalid_transition: { from: isStatus, to: isStatus, allowed: [isStatus] },
  },
  messages,
};
