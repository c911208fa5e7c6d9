import type { Device } from "@status-board/contracts";
import { useState } from "react";
import type { ClientError } from "../../result.ts";
import { Confirm } from "../forms/confirm.tsx";
import { WriteTrouble } from "../forms/write-trouble.tsx";
import { notify } from "../shared/notice-list.ts";
import { useSession } from "../shared/session.ts";

interface RevokeDeviceProps {
  device: Device;
  onClose: () => void;
  onRevoked: (id: string) => void;
  /** What gets the focus once the row is gone that had it. */
  finalFocus: () => HTMLElement | null;
}

/** Asks whether a device shall really be locked out, and revokes it. */
export function RevokeDevice({ device: { id, name }, onClose, onRevoked, finalFocus }: RevokeDeviceProps) {
  const { client, me } = useSession();
  const [isBusy, setBusy] = useState(false);
  const [isDone, setDone] = useState(false);
  const [error, setError] = useState<ClientError>();
  const isThisOne = me.user.id === id;

  async function revoke(): Promise<void> {
    setBusy(true);
    const answer = await client.revokeDevice({ id });
    setBusy(false);
    if (!answer.ok && answer.error.code !== "not_found") return setError(answer.error);
    setDone(true);
    onRevoked(id);
    if (isThisOne) window.location.assign("/");
    else notify({ words: `${name} is locked out.`, tone: "good" });
  }

  return (
    <Confirm
      isOpen={!isDone}
      title={`Revoke ${name}?`}
      words={
        isThisOne
          ? "This is the device in your hand. It loses the board at once, and needs a new code to come back."
          : "It loses the board within seconds, and needs a new code to come back."
      }
      yes="Revoke"
      no="Keep it"
      onYes={() => void revoke()}
      onNo={onClose}
      onClosed={onClose}
      finalFocus={() => (isDone ? finalFocus() : null)}
      isBusy={isBusy}
    >
      {error && <WriteTrouble error={error} />}
    </Confirm>
  );
}
