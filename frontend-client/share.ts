/**
 * `next`, in which each part that is what it was before is the same object as before; `before` itself where all are. It
 * looks so many levels deep, into lists and plain objects, and tells what lies deeper apart by identity. `next` is
 * changed, so it must be nobody else's yet.
 */
export function share<Value>(before: Value | undefined, next: Value, levels: number): Value {
  if (!levels || Object(before) !== before || Object(next) !== next) return next;
  const former = before as Record<string, unknown>;
  const shared = next as Record<string, unknown>;
  let isSame = Object.keys(former).length === Object.keys(shared).length;
  for (const key of Object.keys(shared)) {
    const part = share(former[key], shared[key], levels - 1);
    // What is the same already may be somebody's who has frozen it.
    if (part !== shared[key]) shared[key] = part;
    isSame &&= part === former[key];
  }
  return (isSame ? former : shared) as Value;
}
