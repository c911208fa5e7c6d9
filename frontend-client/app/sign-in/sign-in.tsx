import { buttonClass } from "../shared/button.tsx";
import styles from "./sign-in.module.css";
import { signInUrl } from "./sign-in-url.ts";
import { useWaysIn } from "./use-ways-in.ts";

/** Stands where a view would, for somebody who is not known: how to sign in, which leads back to that view, or to pair. */
export function SignIn() {
  const ways = useWaysIn();
  if (ways === undefined) return null;
  return (
    <main className={styles.page}>
      <h1 className={styles.title}>Status board</h1>
      <p className={styles.words}>
        {ways.signIn ? "Sign in to see the board." : "This device is not paired with the board."}
      </p>
      <div className={styles.actions}>
        {ways.signIn && (
          <a className={buttonClass("primary")} href={signInUrl()}>
            Sign in
          </a>
        )}
        {ways.pairing && (
          <a className={buttonClass(ways.signIn ? "plain" : "primary")} href="/pair">
            Pair this device
          </a>
        )}
      </div>
    </main>
  );
}
