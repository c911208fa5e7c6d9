import { useState } from "react";
import styles from "../shared/anchored-menu.module.css";
import { buttonClass } from "../shared/button.tsx";
import { Icon } from "../shared/icon.tsx";
import { lazyPart } from "../shared/lazy-part.tsx";
import { useSession } from "../shared/session.ts";

const { Part: AccountPopup, preload } = lazyPart(async () => (await import("./account-popup.tsx")).AccountPopup);

/** Who is signed in, and the way out; nothing where nobody signs in. */
export function AccountMenu() {
  const { user, session } = useSession().me;
  const [anchor, setAnchor] = useState<HTMLElement>();
  if (session === undefined) return null;
  return (
    <>
      <button
        type="button"
        className={buttonClass("quiet", styles.trigger)}
        aria-label={`Account of ${user.name}`}
        title={user.name}
        aria-haspopup="menu"
        aria-expanded={anchor !== undefined}
        onPointerEnter={preload}
        onFocus={preload}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <Icon name="person" />
      </button>
      {anchor && <AccountPopup anchor={anchor} onClose={() => setAnchor(undefined)} />}
    </>
  );
}
