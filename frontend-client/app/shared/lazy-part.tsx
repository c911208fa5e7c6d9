import { type ComponentType, useEffect, useEffectEvent, useState } from "react";
import { notify } from "./notice-list.ts";

/**
 * A part of a view that is loaded when it is first needed, so that the view itself comes sooner. Where it can't be loaded
 * it says so and closes, and the view stays; the next try loads again. `preload` begins before it is needed.
 */
export function lazyPart<Props extends { onClose: () => void }>(load: () => Promise<ComponentType<Props>>) {
  let loaded: ComponentType<Props> | undefined;
  const preload = async () => {
    loaded ??= await load();
    return loaded;
  };

  function Part(props: Props) {
    const [Loaded, setLoaded] = useState(() => loaded);
    const fail = useEffectEvent(() => {
      notify({
        words: "This part of the page can't be loaded. Try again when the server can be reached, or reload the page.",
        tone: "problem",
        topic: "part",
      });
      props.onClose();
    });
    useEffect(() => {
      let isWanted = true;
      preload().then(
        (part) => isWanted && setLoaded(() => part),
        () => isWanted && fail(),
      );
      return () => {
        isWanted = false;
      };
    }, []);
    return Loaded && <Loaded {...props} />;
  }

  return { Part, preload: () => void preload().catch(() => undefined) };
}
