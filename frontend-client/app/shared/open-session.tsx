import type { Me } from "@status-board/contracts";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import type { ClientError } from "../../result.ts";
import { Forbidden } from "../sign-in/forbidden.tsx";
import { SignIn } from "../sign-in/sign-in.tsx";
import { Button } from "./button.tsx";
import { client } from "./client.ts";
import { SessionContext } from "./session.ts";
import { Trouble } from "./trouble.tsx";
import { useRetry } from "./use-retry.ts";
import { useTechnicians } from "./use-technicians.ts";

/** Finds out who is signed in, and shows the view with that; says what to do where it can't. */
export function OpenSession({ children }: { children: ReactNode }) {
  const [me, setMe] = useState<Me>();
  const [error, setError] = useState<ClientError>();
  const isStaff = me !== undefined && me.role !== "viewer";
  const { technicians, renew } = useTechnicians(client, isStaff);
  const { tries, tryNow } = useRetry(
    me === undefined && error !== undefined && error.code !== "unauthenticated" && error.code !== "forbidden",
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: each try asks anew
  useEffect(() => {
    const abort = new AbortController();
    void load(abort.signal);
    return () => abort.abort();

    async function load(signal: AbortSignal): Promise<void> {
      const answer = await client.getMe({ signal });
      if (signal.aborted) return;
      if (!answer.ok) return setError(answer.error);
      setMe(answer.data);
      setError(undefined);
    }
  }, [tries]);

  const session = useMemo(() => me && { client, me, technicians, renewTechnicians: renew }, [me, technicians, renew]);
  if (session !== undefined) return <SessionContext value={session}>{children}</SessionContext>;
  if (error === undefined) return null;
  if (error.code === "unauthenticated") return <SignIn />;
  if (error.code === "forbidden") return <Forbidden />;
  return (
    <main>
      <h1 className="visually-hidden">Status board</h1>
      <Trouble error={error}>
        <Button kind="primary" onClick={tryNow}>
          Try now
        </Button>
      </Trouble>
    </main>
  );
}
