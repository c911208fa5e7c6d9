type Missing<T> = { [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined> };
type There<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] };

/** The same object without the parts that are undefined: on the wire, what is not given is absent. */
export function given<T extends object>(parts: T): There<T> & Missing<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as There<T> & Missing<T>;
}
