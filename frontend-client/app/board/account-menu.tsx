import { Menu } from "@base-ui/react/menu";
import { buttonClass } from "../shared/button.tsx";
import { errorWords, quotableId } from "../shared/error-words.ts";
import { Icon } from "../shared/icon.tsx";
import { notify } from "../shared/notice-list.ts";
import { roleWords } from "../shared/role-words.ts";
import { useSession } from "../shared/session.ts";
import styles from "./move-menu.module.css";

/** Who is signed in, and the way out; nothing where nobody signs in. */
export function AccountMenu() {
  const { client, me } = useSession();
  const { user, role, shop, session } = me;
  if (session === undefined) return null;

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
    <Menu.Root>
      <Menu.Trigger
        className={buttonClass("quiet", styles.trigger)}
        aria-label={`Account of ${user.name}`}
        title={user.name}
      >
        <Icon name="person" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Backdrop className={styles.backdrop} />
        <Menu.Positioner align="end" sideOffset={4} className={styles.positioner}>
          <Menu.Popup className={styles.popup} aria-label="Account">
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
