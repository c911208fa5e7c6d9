import { type Device, limits, type Pairing, type Role } from "@status-board/contracts";
import { useEffect, useEffectEvent, useState } from "react";
import { ChoiceField, FieldGroup, fieldStyles, findField } from "../forms/fields.tsx";
import { Sheet, SheetBody, SheetFooter, sheetStyles } from "../forms/sheet.tsx";
import { SheetActions, SheetForm } from "../forms/sheet-form.tsx";
import { useTold } from "../forms/use-told.ts";
import { Button } from "../shared/button.tsx";
import { useSession } from "../shared/session.ts";
import { DeviceNameField, wrongWith } from "./device-name-field.tsx";
import styles from "./devices.module.css";
import { leftWords } from "./left-words.ts";
import { QrCode } from "./qr-code.tsx";

interface PairDeviceProps {
  onClose: () => void;
  /** Called with the device once it has entered its code. */
  onPaired: (device: Device) => void;
}

/** Makes a code for a device, and shows it until the device has entered it. */
export function PairDevice({ onClose, onPaired }: PairDeviceProps) {
  const [pairing, setPairing] = useState<Pairing>();
  return (
    <Sheet
      title="Pair a device"
      subtitle={pairing ? `${pairing.name}, ${choices[pairing.role]}` : "A phone, a tablet or a TV of the workshop"}
      isDirty={false}
      onClose={onClose}
      initialFocus={() => findField("name")}
    >
      {(close) =>
        pairing === undefined ? (
          <WhichDevice onLeft={close} onCode={setPairing} />
        ) : (
          <ShownCode
            pairing={pairing}
            onAgain={() => setPairing(undefined)}
            onLeft={close}
            onPaired={(device) => {
              onPaired(device);
              close();
            }}
          />
        )
      }
    </Sheet>
  );
}

/** What each role means for a device. */
const choices: Readonly<Record<Role, string>> = {
  viewer: "TV: sees the public board",
  technician: "Technician: moves cards",
  advisor: "Service advisor: writes cards",
  manager: "Manager: may do everything",
};

const offered = Object.keys(choices) as Role[];

function WhichDevice({ onLeft, onCode }: { onLeft: () => void; onCode: (pairing: Pairing) => void }) {
  const { client } = useSession();
  const told = useTold(["name", "role"]);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("technician");
  const [isBusy, setBusy] = useState(false);

  async function create(): Promise<void> {
    told.again();
    const wrong = wrongWith(name);
    if (wrong) return told.wrong(wrong);
    setBusy(true);
    const answer = await client.createPairing({ body: { name, role } });
    setBusy(false);
    if (answer.ok) return onCode(answer.data);
    told.tell(answer.error, answer.error.code === "forbidden" ? answer.error.message : undefined);
  }

  return (
    <SheetForm
      told={told}
      isBusy={isBusy}
      onSubmit={() => void create()}
      fields={
        <FieldGroup title="Which device is it?">
          <DeviceNameField
            value={name}
            onChange={setName}
            hint="Cards that it moves say so by this name, such as Tom's phone."
          />
          <ChoiceField
            name="role"
            label="What it may do"
            value={role}
            onChange={(value) => setRole(offered.find((one) => one === value) ?? "viewer")}
            className={fieldStyles.wide}
          >
            {offered.map((one) => (
              <option key={one} value={one}>
                {choices[one]}
              </option>
            ))}
          </ChoiceField>
        </FieldGroup>
      }
    >
      <SheetActions left="Back" onLeft={onLeft} submit={isBusy ? "Making a code" : "Show the code"} />
    </SheetForm>
  );
}

interface ShownCodeProps {
  pairing: Pairing;
  onAgain: () => void;
  onLeft: () => void;
  onPaired: (device: Device) => void;
}

const lookEveryMs = 2_000;

function ShownCode({ pairing, onAgain, onLeft, onPaired }: ShownCodeProps) {
  const { code, url, expiresAt } = pairing;
  const left = useLeft(expiresAt);
  usePaired(pairing, onPaired);
  const inTwo = `${code.slice(0, 4)} ${code.slice(4)}`;
  return (
    <>
      <SheetBody>
        {left === undefined ? (
          <p role="alert" className={styles.over}>
            This code has expired. Make a new one.
          </p>
        ) : (
          <div className={styles.code}>
            <p className={styles.how}>Scan this with the device</p>
            <QrCode text={`${url}#${code}`} label="QR code that pairs the device" />
            <p className={styles.how}>
              or open <span className={styles.address}>{url}</span> on it and enter
            </p>
            <p className={styles.letters}>
              <span className="visually-hidden">{[...code].join(" ")}</span>
              <span aria-hidden="true">{inTwo}</span>
            </p>
            <p className={styles.left}>
              Good for <span role="timer">{left}</span>, for one device
            </p>
          </div>
        )}
      </SheetBody>
      <SheetFooter>
        <div className={sheetStyles.actions}>
          <Button onClick={onLeft}>Close</Button>
          <Button kind={left === undefined ? "primary" : "plain"} onClick={onAgain}>
            Another code
          </Button>
        </div>
      </SheetFooter>
    </>
  );
}

/** What is left until then, on this device's clock; counted from now on, should that clock be wrong. */
function useLeft(expiresAt: string): string | undefined {
  const [endsAt] = useState(() => {
    const givenMs = Date.parse(expiresAt) - Date.now();
    const isSane = givenMs > 0 && givenMs <= limits.pairingValidMs;
    return performance.now() + (isSane ? givenMs : limits.pairingValidMs);
  });
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return leftWords(endsAt - now);
}

/** Looks now and then whether a device has come that was not there when the code was made. */
function usePaired({ name, role }: Pairing, onPaired: (device: Device) => void): void {
  const { client } = useSession();
  const told = useEffectEvent(onPaired);
  useEffect(() => {
    let known: ReadonlySet<string> | undefined;
    const abort = new AbortController();
    async function look(): Promise<void> {
      const answer = await client.listDevices({ signal: abort.signal, retries: 0 });
      if (abort.signal.aborted || !answer.ok) return;
      const { items } = answer.data;
      const come = known && items.find((one) => !known?.has(one.id) && one.name === name && one.role === role);
      known ??= new Set(items.map(({ id }) => id));
      if (come) told(come);
    }
    void look();
    const timer = setInterval(() => void look(), lookEveryMs);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [client, name, role]);
}
