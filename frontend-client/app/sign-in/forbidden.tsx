import { buttonClass } from "../shared/button.tsx";
import styles from "./sign-in.module.css";
import { signInUrl } from "./sign-in-url.ts";

interface ForbiddenProps {
  /** Who is signed in, if that is known. */
  name?: string | undefined;
}

/** Stands where a view would, for somebody who is signed in and may not see it. */
export function Forbidden({ name }: ForbiddenProps) {
  return (
    <main className={styles.page}>
      <h1 className={styles.title}>This is not open to you</h1>
      <p className={styles.words}>
        {name ? `You are signed in as ${name}. ` : ""}Ask your manager for a role that may see it.
      </p>
      <div className={styles.actions}>
        <a className={buttonClass("primary")} href="/">
          Go to the board
        </a>
        <a className={buttonClass()} href={signInUrl("other")}>
          Sign in as somebody else
        </a>
      </div>
    </main>
  );
}
