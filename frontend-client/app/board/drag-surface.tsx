import { useDraggable, useDroppable } from "@dnd-kit/core";
import type { ComponentProps, SyntheticEvent } from "react";
import { cardElementOf } from "./card-elements.ts";

/**
 * What cards are dragged on. It is the one draggable, and becomes whichever card is pressed: if each of some hundred cards
 * were one, all of them would be drawn again whenever a drag begins, moves on and ends.
 */
export function DragSurface(props: ComponentProps<"div">) {
  const { listeners, setNodeRef, setActivatorNodeRef } = useDraggable({ id: "card" });
  const begin = (name: "onMouseDown" | "onTouchStart") => (event: SyntheticEvent) => {
    const card = cardElementOf(event.target);
    if (card?.dataset.movable === undefined) return;
    setNodeRef(card);
    setActivatorNodeRef(card);
    listeners?.[name]?.(event);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the cards in it are what is pressed
    <div {...props} onMouseDown={begin("onMouseDown")} onTouchStart={begin("onTouchStart")} />
  );
}

/** What cards are dropped on: a column's list. What is in it is not drawn again while something is dragged over it. */
export function DropSurface({ status, ...props }: ComponentProps<"div"> & { status: string }) {
  const { setNodeRef } = useDroppable({ id: status });
  return <div ref={setNodeRef} {...props} />;
}
