import { createContext, use } from "react";
import type { FocusKeeper } from "./card-elements.ts";

/** What a card may ask of the board that it stands on. Always the same object, so that it repaints nothing. */
export interface CardHandlers {
  open: (id: string) => void;
  openMenu: (id: string, anchor: HTMLElement) => void;
  /** The card that the focus came to. */
  focused: (id: string) => void;
  keeper: FocusKeeper;
}

export const CardHandlersContext = createContext<CardHandlers | undefined>(undefined);

/** What the card's board does for it; throws outside of a board. */
export function useCardHandlers(): CardHandlers {
  const handlers = use(CardHandlersContext);
  if (handlers === undefined) throw new Error("there is no board around this card");
  return handlers;
}
