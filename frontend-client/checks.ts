import { type Appointment, errorStatus } from "@status-board/contracts";
import {
  bringsAll,
  type Checks,
  checksFor,
  type ErrorChecks,
  isCard,
  isObject,
  isStatus,
  isText,
} from "./board-checks.ts";

/*
 * What a page builds on beyond what a board does: more of each card, and the answers of all other operations.
 */

/** Somebody. */
const isNamed = ({ id, name }: { id: string; name: string }) => isText(id) && isText(name);
/** A page of things whose fields nothing here leans on. */
const isList = ({ items }: { items: readonly unknown[] }) => items.every(isObject);
const isTime = (value: string) => isText(value) && Date.parse(value) > 0;

const isWholeCard = (card: Appointment) =>
  isCard(card) &&
  isTime(card.start) &&
  isTime(card.end) &&
  isText(card.customer.name) &&
  isObject(card.vehicle) &&
  card.services.every(isObject);

const forBoard = checksFor(isWholeCard);

const errors: ErrorChecks = {
  invalid_request: ({ issues }) => issues.every(({ message }) => isText(message)),
  conflict: ({ reason }) => isText(reason),
  invalid_transition: ({ from, to, allowed }) => [from, to].every(isStatus) && allowed.every(isStatus),
  revision_gone: ({ epoch, rev }) => isText(epoch) && Number.isSafeInteger(rev),
};

/** Everything on which a page of cards, services and people usually builds. */
export const fullChecks: Checks = {
  answers: {
    ...forBoard.answers,
    getAppointment: isWholeCard,
    getHistory: isList,
    createAppointment: isWholeCard,
    editAppointment: isWholeCard,
    removeAppointment: ({ id, version }) => isText(id) && Number.isSafeInteger(version),
    createTicket: ({ ticket, url }) => isText(ticket) && isText(url),
    listServices: isList,
    getShop: ({ technicians }) => technicians.every(isNamed),
    listDevices: isList,
    getMe: ({ user, shop, role }) =>
      isNamed(user) && [shop.name, shop.timeZone, shop.locale, shop.currency, role].every(isText),
  },
  error: (error) => forBoard.error(error) && Object.hasOwn(errorStatus, error.code) && bringsAll(errors, error),
  messages: forBoard.messages,
};
