import { Menu } from "@base-ui/react/menu";
import { errorWords, quotableId } from "../shared/error-words.ts";
import { notify } from "../shared/notice-list.ts";
import { roleWords } from "../shared/role-words.ts";
import { useSession } from "../shared/session.ts";
import styles from "./move-menu.module.css";

interface AccountPopupProps {
  anchor: HTMLElement;
  onClose: () => void;
}

/** What the account's button opens. */
export function AccountPopup({ anchor, onClose }: AccountPopupProps) {
  const { client, me } = useSession();
  const { user, role, shop } = me;

  async function signOut(): Promise<void> {
    const answer = await client.signOut();
    if (answer.ok) window.location.reload();
    else
      notify({
        words: `You are still signed in. ${errorWords(answer.error)}`,
        tone: "problem",
        topic: "sign-out",
        correlationId: quotableId(answer.error),
        actions: [{ label: "Try again", act: () => void signOut() }],
      });
  }

  return (
    <Menu.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Menu.Portal>
        <Menu.Backdrop className={styles.backdrop} />
        <Menu.Positioner
          anchor={anchor}
          positionMethod="fixed"
          align="end"
          sideOffset={4}
          className={styles.positioner}
        >
          <Menu.Popup className={styles.popup} aria-label="Account" finalFocus={() => anchor}>
            <Menu.Group>
              <Menu.GroupLabel className={styles.label}>
                {user.name}, {roleWords[role]} of {shop.name}
              </Menu.GroupLabel>
              <Menu.Item className={styles.item} onClick={() => void signOut()}>
                Sign out
              </Menu.Item>
            </Menu.Group>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
