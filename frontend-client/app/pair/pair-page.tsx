import { Form } from "@base-ui/react/form";
import { limits, pairingCodeAlphabet } from "@status-board/contracts";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { ClientError } from "../../result.ts";
import { Button, buttonClass } from "../shared/button.tsx";
import { client } from "../shared/client.ts";
import { CorrelationId } from "../shared/correlation-id.tsx";
import { errorWords, quotableId } from "../shared/error-words.ts";
import styles from "./pair.module.css";

/** What somebody typed as a code has it: nothing but its letters and digits, in capitals. */
const codeOf = (text: string): string =>
  [...text.toUpperCase()]
    .filter((one) => pairingCodeAlphabet.includes(one))
    .join("")
    .slice(0, limits.pairingCodeCharacters);

/** The code of the link by which the page was opened; it leaves the address, so that nobody reads it off the screen. */
function takeCodeOfLink(): string {
  const code = codeOf(decodeURIComponent(window.location.hash.slice(1).replaceAll("%", "")));
  if (window.location.hash !== "") window.history.replaceState(null, "", window.location.pathname);
  return code;
}

/** Why a code did not work, as a sentence. */
function whyNot(error: ClientError): string {
  if (error.code === "rate_limited") return "Too many codes were tried from here. Wait ten minutes, then try again.";
  if (error.code === "forbidden") return error.message;
  return errorWords(error);
}

/** Where a new device enters its code; a link that was scanned brings it along. */
export function PairPage() {
  const [code, setCode] = useState("");
  const [error, setError] = useState<ClientError>();
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const isWhole = code.length === limits.pairingCodeCharacters;

  async function enter(entered: string): Promise<void> {
    setBusy(true);
    const answer = await client.claimPairing({ body: { code: entered } });
    if (answer.ok) return window.location.replace(answer.data.role === "viewer" ? "/?view=tv" : "/");
    setBusy(false);
    setError(answer.error);
    field.current?.select();
  }

  const begin = useEffectEvent(() => {
    document.title = "Pair this device";
    const linked = takeCodeOfLink();
    setCode(linked);
    if (linked.length === limits.pairingCodeCharacters) void enter(linked);
    else field.current?.focus();
  });
  useEffect(() => {
    begin();
    window.addEventListener("hashchange", begin);
    return () => window.removeEventListener("hashchange", begin);
  }, []);

  const id = error && quotableId(error);
  return (
    <main className={styles.page}>
      <h1 className={styles.title}>Pair this device</h1>
      <p className={styles.words}>Enter the code that the board shows under Devices.</p>
      <Form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole && !isBusy) void enter(code);
        }}
      >
        <label className={styles.label} htmlFor="code">
          Code
        </label>
        <input
          ref={field}
          id="code"
          className={styles.code}
          value={code.length > 4 ? `${code.slice(0, 4)} ${code.slice(4)}` : code}
          onChange={({ target }) => {
            setCode(codeOf(target.value));
            setError(undefined);
          }}
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          enterKeyHint="go"
          aria-invalid={error !== undefined}
          aria-describedby="code-help"
        />
        <div id="code-help" role="status" className={styles.help} data-wrong={error !== undefined || undefined}>
          {error ? whyNot(error) : "Eight letters and digits"}
          {id && <CorrelationId id={id} />}
        </div>
        <Button kind="primary" type="submit" className={styles.go} aria-disabled={!isWhole || isBusy}>
          {isBusy ? "Pairing" : "Pair"}
        </Button>
      </Form>
      <a className={buttonClass("quiet")} href="/">
        Go to the board
      </a>
    </main>
  );
}
