import { useSyncExternalStore } from "react";
import { Button, IconButton } from "./button.tsx";
import { CorrelationId } from "./correlation-id.tsx";
import { Icon } from "./icon.tsx";
import { type Notice, noticeList } from "./notice-list.ts";
import styles from "./notices.module.css";

/** Everything that {@link notify} said and that still stands; readers hear it as it comes. */
export function Notices() {
  const notices = useSyncExternalStore(noticeList.subscribe, noticeList.getNotices);
  const hold = () => noticeList.hold(true);
  const release = () => noticeList.hold(false);
  return (
    <section
      role="status"
      // Said outright, since an open dialog hides what does not say so.
      aria-live="polite"
      aria-label="Notices"
      className={styles.list}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={release}
    >
      {notices.map((notice) => (
        <NoticeBox key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

function NoticeBox({ notice }: { notice: Notice }) {
  const { id, words, tone, actions, correlationId } = notice;
  return (
    <div className={`${styles.notice} ${styles[tone]}`}>
      {tone !== "plain" && <Icon name={tone === "good" ? "check" : "alert"} />}
      <div className={styles.words}>
        {words}
        {correlationId && <CorrelationId id={correlationId} />}
      </div>
      {actions.map(({ label, act }) => (
        <Button
          key={label}
          kind="quiet"
          className={styles.action}
          onClick={() => {
            noticeList.close(id);
            act();
          }}
        >
          {label}
        </Button>
      ))}
      <IconButton icon="close" label="Close this notice" onClick={() => noticeList.close(id)} />
    </div>
  );
}
