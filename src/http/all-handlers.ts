import * as groups from "./handlers.ts";

/** Every operation of the contract: a route without one does not compile. */
export const allHandlers: Required<groups.Handlers> = {
  ...groups.boardHandlers,
  ...groups.statsHandlers,
  ...groups.appointmentHandlers,
  ...groups.shopHandlers,
  ...groups.signedInHandlers,
  ...groups.deviceHandlers,
  ...groups.aboutHandlers,
};
