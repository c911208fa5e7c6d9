import { limits } from "@status-board/contracts";
import { useSyncExternalStore } from "react";
import { isDay } from "./days.ts";

/** The views that an address may name; the board needs none. */
const views = ["board", "services", "devices", "tv"] as const;
export type View = (typeof views)[number];

/** What the address says. Every part but `view` and `isNew` may be absent. */
export interface UrlState {
  view: View;
  /** YYYY-MM-DD; absent for today, so that it follows midnight. */
  date?: string;
  /** A technician's id: only that one's cards are shown. */
  technician?: string;
  /** What cards are searched for, as typed. */
  search?: string;
  /** The id of the card whose drawer is open. */
  appointment?: string;
  /** True while the form for a new appointment is open. */
  isNew: boolean;
}

/** What to change of the address; undefined takes a part out. */
export type UrlChange = { [Part in keyof UrlState]?: UrlState[Part] | undefined };

const idPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Reads a query string such as `?view=services`. What makes no sense is dropped. */
export function readUrl(query: string): UrlState {
  const parameters = new URLSearchParams(query);
  const part = (name: string, isValid: (value: string) => boolean) => {
    const value = parameters.get(name);
    return value !== null && isValid(value) ? value : undefined;
  };
  const isId = (value: string) => idPattern.test(value);
  const date = part("date", isDay);
  const technician = part("technician", isId);
  const search = part("q", (value) => value !== "")?.slice(0, limits.searchMaxCharacters);
  const appointment = part("appointment", isId);
  const view = views.find((one) => one === parameters.get("view")) ?? "board";
  return {
    view,
    ...(date !== undefined && { date }),
    ...(technician !== undefined && { technician }),
    ...(search !== undefined && { search }),
    ...(appointment !== undefined && { appointment }),
    isNew: parameters.get("new") === "1",
  };
}

/** The query string that {@link readUrl} reads back; "" for the board of today. */
export function writeUrl(state: UrlChange): string {
  const { view, date, technician, search, appointment, isNew } = state;
  const parts = {
    view: view === "board" ? undefined : view,
    date,
    technician,
    q: search,
    appointment,
    new: isNew ? "1" : undefined,
  };
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) if (value) parameters.set(name, value);
  return parameters.size === 0 ? "" : `?${parameters}`;
}

const listeners = new Set<() => void>();
let current: { query: string; state: UrlState } | undefined;

/** What the address says now: the same object until it changes. */
export function getUrlState(): UrlState {
  const { search } = window.location;
  if (current?.query !== search) current = { query: search, state: readUrl(search) };
  return current.state;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

/** The address with a change, for a link that can be opened in a new tab. */
export function urlWith(change: UrlChange): string {
  return `${window.location.pathname}${writeUrl({ ...getUrlState(), ...change })}`;
}

/**
 * Changes the address, and with it what is shown; what `change` does not name stays. The back button goes back before
 * it, unless `replace` is set, as for each letter of a search.
 */
export function navigate(change: UrlChange, { replace = false } = {}): void {
  const url = urlWith(change);
  if (url === `${window.location.pathname}${window.location.search}`) return;
  if (replace) window.history.replaceState(null, "", url);
  else window.history.pushState(null, "", url);
  for (const listener of listeners) listener();
}

/** What the address says; renders again when it changes. */
export function useUrlState(): UrlState {
  return useSyncExternalStore(subscribe, getUrlState);
}
