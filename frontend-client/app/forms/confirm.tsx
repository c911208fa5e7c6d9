import { AlertDialog } from "@base-ui/react/alert-dialog";
import type { ReactNode } from "react";
import { Button } from "../shared/button.tsx";
import styles from "./confirm.module.css";

interface ConfirmProps {
  isOpen: boolean;
  title: string;
  /** What it means, in a sentence or two. */
  words: ReactNode;
  /** What the two buttons say: the deed, and leaving it. */
  yes: string;
  no: string;
  onYes: () => void;
  onNo: () => void;
  /** Called once it has gone from the screen. */
  onClosed?: () => void;
  /** What gets the focus when it closes. Default, or for null, what had it before. */
  finalFocus?: () => HTMLElement | null;
  /** True while the deed is under way. */
  isBusy?: boolean;
  /** What went wrong with it. */
  children?: ReactNode;
}

/** Asks before something is lost. The harmless answer has the focus first, and Escape gives it. */
export function Confirm(props: ConfirmProps) {
  const { isOpen, title, words, yes, no, onYes, onNo, onClosed, finalFocus, isBusy = false, children } = props;
  return (
    <AlertDialog.Root
      open={isOpen}
      onOpenChange={(open) => open || onNo()}
      onOpenChangeComplete={(open) => open || onClosed?.()}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles.backdrop} forceRender />
        <AlertDialog.Popup className={styles.box} finalFocus={() => finalFocus?.() ?? true}>
          <AlertDialog.Title className={styles.title}>{title}</AlertDialog.Title>
          <AlertDialog.Description className={styles.words}>{words}</AlertDialog.Description>
          {children}
          <div className={styles.actions}>
            <AlertDialog.Close render={<Button />}>{no}</AlertDialog.Close>
            <Button kind="danger" aria-disabled={isBusy} onClick={() => isBusy || onYes()}>
              {yes}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
