import { Dialog } from "@base-ui/react/dialog";
import { buttonClass } from "../shared/button.tsx";
import styles from "./keys-dialog.module.css";

const keys: readonly [readonly string[], string][] = [
  [["↑", "↓", "←", "→"], "walk from card to card"],
  [["Enter"], "open the card"],
  [["Space"], "pick the card up; arrows carry it, Space drops it, Esc puts it back"],
  [["M"], "where the card may move to"],
  [["U"], "undo your last move"],
  [["N"], "new appointment"],
  [["/"], "search"],
  [["?"], "this list"],
];

/** What the keys do on the board. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup}>
          <Dialog.Title className={styles.title}>Keys</Dialog.Title>
          <dl className={styles.keys}>
            {keys.map(([names, words]) => (
              <div key={words}>
                <dt>
                  {names.map((name) => (
                    <kbd key={name}>{name}</kbd>
                  ))}
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
          <Dialog.Close className={buttonClass()}>Close</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
