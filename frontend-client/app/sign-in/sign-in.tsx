import type { WaysIn } from "@status-board/contracts";
import { useEffect, useState } from "react";
import { createStatusBoardClient } from "../../client.ts";
import { buttonClass } from "../shared/button.tsx";
import styles from "./sign-in.module.css";
import { signInUrl } from "./sign-in-url.ts";

const client = createStatusBoardClient();
/** What is offered where the server can't be asked. */
const both: WaysIn = { signIn: true, pairing: true };

/** Stands where a view would, for somebody who is not known: how to sign in, which leads back to that view, or to pair. */
export function SignIn() {
  const [ways, setWays] = useState<WaysIn>();
  useEffect(() => {
    const abort = new AbortController();
    void client.getWaysIn({ signal: abort.signal }).then((answer) => {
      if (!abort.signal.aborted) setWays(answer.ok ? answer.data : both);
    });
    return () => abort.abort();
  }, []);
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
