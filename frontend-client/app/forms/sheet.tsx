import { Dialog } from "@base-ui/react/dialog";
import { type ReactNode, useEffect, useState } from "react";
import { IconButton } from "../shared/button.tsx";
import { Confirm } from "./confirm.tsx";
import styles from "./sheet.module.css";

interface SheetProps {
  title: string;
  /** A line below the title. */
  subtitle?: ReactNode;
  /** True while something would be lost by closing: then it asks first. */
  isDirty: boolean;
  /** Called once it is closed. */
  onClose: () => void;
  /** What gets the focus when it opens, unless by touch, where that would bring the keyboard up. */
  initialFocus?: () => HTMLElement | null;
  /** What gets the focus when it closes, where what had it before may be gone. */
  finalFocus?: () => HTMLElement | null;
  /** `close` closes without asking, as after saving. */
  children: (close: () => void) => ReactNode;
}

/** A dialog on the right, on phones a full sheet. What had the focus before has it again when it closes. */
export function Sheet({ title, subtitle, isDirty, onClose, initialFocus, finalFocus, children }: SheetProps) {
  const [isOpen, setOpen] = useState(true);
  const [isAsking, setAsking] = useState(false);
  const close = () => setOpen(false);
  useEffect(() => {
    if (!isDirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isDirty]);
  const ask = (wanted: boolean) => {
    if (wanted) return;
    if (isDirty) setAsking(true);
    else close();
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={ask} onOpenChangeComplete={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup
          className={styles.sheet}
          initialFocus={(how) => (how === "touch" ? true : (initialFocus?.() ?? true))}
          finalFocus={() => finalFocus?.() ?? true}
        >
          <div className={styles.frame}>
            <div className={styles.header}>
              <div className={styles.titles}>
                <Dialog.Title className={styles.title}>{title}</Dialog.Title>
                {subtitle && <Dialog.Description className={styles.subtitle}>{subtitle}</Dialog.Description>}
              </div>
              <Dialog.Close render={<IconButton icon="close" label="Close" />} />
            </div>
            {children(close)}
          </div>
          <Confirm
            isOpen={isAsking}
            title="Leave without saving?"
            words="What you changed here is not saved yet."
            yes="Leave without saving"
            no="Stay here"
            onNo={() => setAsking(false)}
            onYes={() => {
              setAsking(false);
              close();
            }}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What scrolls in a sheet. */
export function SheetBody({ children }: { children: ReactNode }) {
  return <div className={styles.body}>{children}</div>;
}

/** What stays at a sheet's bottom, where the thumb is. */
export function SheetFooter({ children }: { children: ReactNode }) {
  return <div className={styles.footer}>{children}</div>;
}

export const sheetStyles = styles;
