/** True where one column is seen at a time; the styles have the same bound. */
export const isNarrow = (): boolean => window.matchMedia("(width < 48em)").matches;
