import { Menu } from "@base-ui/react/menu";
import type { ReactNode } from "react";
import styles from "./anchored-menu.module.css";

interface AnchoredMenuProps {
  label: string;
  /** What it opens beside; on a phone it is a sheet at the bottom. */
  anchor: HTMLElement;
  /** Where it is mounted. Default: the end of the page. */
  container?: HTMLElement | null;
  /** What has the focus once it is closed. */
  finalFocus: () => HTMLElement | null;
  onClose: () => void;
  children: ReactNode;
}

/** A menu that is open as long as it is there. */
export function AnchoredMenu({ label, anchor, container, finalFocus, onClose, children }: AnchoredMenuProps) {
  return (
    <Menu.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Menu.Portal container={container}>
        <Menu.Backdrop className={styles.backdrop} />
        <Menu.Positioner
          anchor={anchor}
          positionMethod="fixed"
          align="end"
          sideOffset={4}
          className={styles.positioner}
        >
          <Menu.Popup className={styles.popup} aria-label={label} finalFocus={finalFocus}>
            {children}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
