import { Menu } from "@base-ui/react/menu";
import styles from "../shared/anchored-menu.module.css";
import { AnchoredMenu } from "../shared/anchored-menu.tsx";
import { errorWords, quotableId } from "../shared/error-words.ts";
import { notify } from "../shared/notice-list.ts";
import { roleWords } from "../shared/role-words.ts";
import { useSession } from "../shared/session.ts";

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
    <AnchoredMenu label="Account" anchor={anchor} finalFocus={() => anchor} onClose={onClose}>
      <Menu.Group>
        <Menu.GroupLabel className={styles.label}>
          {user.name}, {roleWords[role]} of {shop.name}
        </Menu.GroupLabel>
        <Menu.Item className={styles.item} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Group>
    </AnchoredMenu>
  );
}
