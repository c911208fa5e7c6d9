import type { Device } from "@status-board/contracts";
import { Button } from "../shared/button.tsx";
import { ago } from "../shared/format.ts";
import { Icon } from "../shared/icon.tsx";
import listStyles from "../shared/list.module.css";
import { useMinute } from "../shared/minute.ts";
import { roleWords } from "../shared/role-words.ts";
import styles from "./devices.module.css";

interface DeviceRowProps {
  device: Device;
  /** True for the one on which this page is open. */
  isThisOne: boolean;
  onRename: () => void;
  onRevoke: () => void;
}

/** That a device was seen is noted once an hour, so a time within it says no more than this. */
const hourMs = 3_600_000;

/** One device of the list. */
export function DeviceRow({ device, isThisOne, onRename, onRevoke }: DeviceRowProps) {
  const minute = useMinute();
  const { name, role, lastSeenAt } = device;
  const isFresh = minute - Date.parse(lastSeenAt) < hourMs;
  return (
    <li className={`${listStyles.row} ${styles.row}`}>
      <Icon name={role === "viewer" ? "tv" : "phone"} size={24} />
      <div className={listStyles.what}>
        <h2 className={listStyles.name}>{name}</h2>
        <p className={styles.quiet}>
          <span>{role === "viewer" ? "TV" : roleWords[role]}</span>
          <span>{isFresh ? "seen within the hour" : `seen ${ago(lastSeenAt, minute)}`}</span>
          {isThisOne && <span className={styles.here}>this device</span>}
        </p>
      </div>
      <div className={listStyles.actions}>
        <Button aria-label={`Rename ${name}`} onClick={onRename}>
          Rename
        </Button>
        <Button kind="danger" aria-label={`Revoke ${name}`} onClick={onRevoke}>
          Revoke
        </Button>
      </div>
    </li>
  );
}
