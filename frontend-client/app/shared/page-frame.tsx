import { type ReactNode, useEffect } from "react";
import { buttonClass } from "./button.tsx";
import { Icon } from "./icon.tsx";
import styles from "./page-frame.module.css";
import { useSession } from "./session.ts";
import { navigate, urlWith } from "./url-state.ts";

interface PageFrameProps {
  title: string;
  /** `narrow` for lists whose rows are short. */
  width?: "narrow";
  children: ReactNode;
}

/** A page beside the board: its title, and the way back. */
export function PageFrame({ title, width, children }: PageFrameProps) {
  const { shop } = useSession().me;
  useEffect(() => {
    document.title = `${title} · ${shop.name}`;
  }, [title, shop]);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <a
          href={urlWith({ view: "board" })}
          className={buttonClass("quiet")}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            navigate({ view: "board" });
          }}
        >
          <Icon name="left" /> Board
        </a>
        <h1 className={styles.title}>{title}</h1>
      </header>
      <main className={styles.main} data-width={width}>
        {children}
      </main>
    </div>
  );
}
