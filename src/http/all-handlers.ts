import {
  aboutHandlers,
  appointmentHandlers,
  boardHandlers,
  deviceHandlers,
  type Handlers,
  shopHandlers,
  signedInHandlers,
  statsHandlers,
} from "./handlers.ts";

/** Every operation of the contract: a route without one does not compile. */
export const allHandlers: Required<Handlers> = {
  ...boardHandlers,
  ...statsHandlers,
  ...appointmentHandlers,
  ...shopHandlers,
  ...signedInHandlers,
  ...deviceHandlers,
  ...aboutHandlers,
};
