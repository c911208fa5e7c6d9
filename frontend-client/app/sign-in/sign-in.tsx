import { buttonClass } from "../shared/button.tsx";
import styles from "./sign-in.module.css";
import { signInUrl } from "./sign-in-url.ts";

/** Stands where a view would, for somebody who is not signed in; signing in leads back to that view. */
export function SignIn() {
  return (
    <main className={styles.page}>
      <h1 className={styles.title}>Status board</h1>
      <p className={styles.words}>Sign in to see the board.</p>
      <a className={buttonClass("primary")} href={signInUrl()}>
        Sign in
      </a>
    </main>
  );
}
