import { useEffect, useRef } from "react";
import { notify } from "../shared/notice-list.ts";

/** Nothing was touched for so long. */
const quietMs = 60_000;
const lookMs = 5_000;
const memoryKey = "board.reloadedFor";

interface Moment {
  /** What asks for a reload: a release, or a protocol; undefined for nothing. */
  reason: string | undefined;
  /** What this tab was last reloaded for. */
  reloadedFor: string | undefined;
  /** Something is open, held or not yet saved. */
  isBusy: boolean;
  isHidden: boolean;
  /** Since somebody last used the page. */
  idleMs: number;
}

/** Whether to load the page anew now: at a moment when nobody is using it, and once for each reason. */
export function mayReload({ reason, reloadedFor, isBusy, isHidden, idleMs }: Moment): boolean {
  if (reason === undefined || reason === reloadedFor || isBusy) return false;
  return isHidden || idleMs >= quietMs;
}

/** What asks for a reload: another release than the one that this page was loaded with, or a protocol that is too old. */
export function useReloadReason(release: string | undefined, isTooOld: boolean): string | undefined {
  const loaded = useRef<string>(undefined);
  useEffect(() => {
    loaded.current ??= release;
  }, [release]);
  if (isTooOld) return "protocol";
  return loaded.current !== undefined && release !== loaded.current ? release : undefined;
}

function recall(): string | undefined {
  try {
    return sessionStorage.getItem(memoryKey) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(reason: string): boolean {
  try {
    sessionStorage.setItem(memoryKey, reason);
    return true;
  } catch {
    return false;
  }
}

/** Says that there is a new version, and loads it at a quiet moment. */
export function useQuietReload(reason: string | undefined, isBusy: boolean): void {
  useEffect(() => {
    if (reason === undefined || reason === "protocol") return;
    const actions = [{ label: "Reload", act: () => window.location.reload() }];
    return notify({
      words: "There is a new version of this page.",
      topic: "release",
      actions,
      forMs: Number.POSITIVE_INFINITY,
    });
  }, [reason]);

  useEffect(() => {
    if (reason === undefined || isBusy) return;
    let usedAt = Date.now();
    const use = () => {
      usedAt = Date.now();
    };
    const look = () => {
      const reloadedFor = recall();
      const idleMs = Date.now() - usedAt;
      if (!mayReload({ reason, reloadedFor, isBusy, isHidden: document.hidden, idleMs })) return;
      // A page that can't note it would do it again and again.
      if (remember(reason)) window.location.reload();
    };
    const timer = setInterval(look, lookMs);
    const uses = ["pointerdown", "keydown", "wheel"] as const;
    for (const name of uses) window.addEventListener(name, use, { passive: true });
    return () => {
      clearInterval(timer);
      for (const name of uses) window.removeEventListener(name, use);
    };
  }, [reason, isBusy]);
}
