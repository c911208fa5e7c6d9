/** A name that nothing else has, of visible ASCII. crypto.randomUUID is not there on a page that came over plain HTTP. */
export const newId = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");
