import type { Device } from "@status-board/contracts";
import { useEffect, useRef, useState } from "react";
import { Button, buttonClass } from "../shared/button.tsx";
import { errorWords } from "../shared/error-words.ts";
import { Icon } from "../shared/icon.tsx";
import { may } from "../shared/may.ts";
import { notify } from "../shared/notice-list.ts";
import { useSession } from "../shared/session.ts";
import { Trouble } from "../shared/trouble.tsx";
import { navigate, urlWith } from "../shared/url-state.ts";
import { DeviceRow } from "./device-row.tsx";
import styles from "./devices.module.css";
import { PairDevice } from "./pair-device.tsx";
import { RenameDevice } from "./rename-device.tsx";
import { RevokeDevice } from "./revoke-device.tsx";
import { useDevices } from "./use-devices.ts";

/** The workshop's phones and screens, for a manager to pair and to lock out. */
export function DevicesPage() {
  const { role, shop } = useSession().me;
  useEffect(() => {
    document.title = `Devices · ${shop.name}`;
  }, [shop]);
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
        <h1 className={styles.title}>Devices</h1>
      </header>
      <main className={styles.main}>
        {may.pairDevices(role) ? <Devices /> : <Trouble words="Devices are paired by a manager." />}
      </main>
    </div>
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
      <div className={styles.tools}>
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
      {items && error && (
        <div role="alert" className={styles.old}>
          {errorWords(error)} The list is the one from before. <Button onClick={reload}>Try now</Button>
        </div>
      )}
      {items?.length === 0 && (
        <div className={styles.nothing}>
          <Icon name="tv" size={32} />
          <p>No device is paired yet.</p>
        </div>
      )}
      {items && items.length > 0 && (
        <ul className={styles.list} aria-label="Devices">
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
