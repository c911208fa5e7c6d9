import type { Device } from "@status-board/contracts";
import { useRef, useState } from "react";
import { Button } from "../shared/button.tsx";
import { Warnings } from "../shared/condition-warnings.tsx";
import { Icon } from "../shared/icon.tsx";
import listStyles from "../shared/list.module.css";
import { may } from "../shared/may.ts";
import { notify } from "../shared/notice-list.ts";
import { OldList } from "../shared/old-list.tsx";
import { PageFrame } from "../shared/page-frame.tsx";
import { useSession } from "../shared/session.ts";
import { Trouble } from "../shared/trouble.tsx";
import { useCondition } from "../shared/use-condition.ts";
import { DeviceRow } from "./device-row.tsx";
import styles from "./devices.module.css";
import { PairDevice } from "./pair-device.tsx";
import { RenameDevice } from "./rename-device.tsx";
import { RevokeDevice } from "./revoke-device.tsx";
import { useDevices } from "./use-devices.ts";

/** The workshop's phones and screens, for a manager to pair and to lock out. */
export function DevicesPage() {
  const { role } = useSession().me;
  return (
    <PageFrame title="Devices" width="narrow">
      {may.pairDevices(role) ? <Devices /> : <Trouble words="Devices are paired by a manager." />}
    </PageFrame>
  );
}

/** What is open above the list. */
type Opened = { kind: "pair" } | { kind: "rename" | "revoke"; device: Device };

function Devices() {
  const { me } = useSession();
  const list = useDevices();
  const [opened, setOpened] = useState<Opened>();
  const pairButton = useRef<HTMLButtonElement>(null);
  const close = () => setOpened(undefined);
  const { items, error, reload } = list;
  return (
    <>
      <div className={`${listStyles.tools} ${styles.tools}`}>
        <p className={styles.intro}>Phones and screens that may use the board without a password.</p>
        <Button ref={pairButton} kind="primary" onClick={() => setOpened({ kind: "pair" })}>
          <Icon name="plus" /> Pair a device
        </Button>
      </div>
      {items === undefined && error === undefined && <p role="status">Fetching the devices.</p>}
      {items === undefined && error && (
        <Trouble error={error}>
          <Button kind="primary" onClick={reload}>
            Try now
          </Button>
        </Trouble>
      )}
      {items && error && <OldList error={error} reload={reload} />}
      {items?.length === 0 && (
        <div className={`${listStyles.nothing} ${styles.nothing}`}>
          <Icon name="tv" size={32} />
          <p>No device is paired yet.</p>
        </div>
      )}
      {items && items.length > 0 && (
        <ul className={listStyles.list} aria-label="Devices">
          {items.map((device) => (
            <DeviceRow
              key={device.id}
              device={device}
              isThisOne={device.id === me.user.id}
              onRename={() => setOpened({ kind: "rename", device })}
              onRevoke={() => setOpened({ kind: "revoke", device })}
            />
          ))}
        </ul>
      )}
      <DataCondition />
      {opened?.kind === "pair" && (
        <PairDevice
          onClose={close}
          onPaired={({ name }) => {
            reload();
            notify({ words: `${name} is paired.`, tone: "good" });
          }}
        />
      )}
      {opened?.kind === "rename" && <RenameDevice device={opened.device} onClose={close} onRenamed={list.put} />}
      {opened?.kind === "revoke" && (
        <RevokeDevice
          device={opened.device}
          onClose={close}
          onRevoked={list.drop}
          finalFocus={() => pairButton.current}
        />
      )}
    </>
  );
}

/** How the board's data fare, which are kept on its own computer. */
function DataCondition() {
  const condition = useCondition();
  if (condition === undefined) return null;
  return (
    <section className={styles.condition} aria-label="Backups">
      <Warnings warnings={condition.warnings} />
      <p>{condition.backup}</p>
    </section>
  );
}
