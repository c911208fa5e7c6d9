/** What is left of some ms as minutes and seconds, "9:59"; undefined when nothing is. */
export function leftWords(ms: number): string | undefined {
  if (ms <= 0) return undefined;
  const seconds = Math.ceil(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
