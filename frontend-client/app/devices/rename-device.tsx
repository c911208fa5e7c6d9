import type { Device } from "@status-board/contracts";
import { useState } from "react";
import { findField } from "../forms/fields.tsx";
import { Sheet } from "../forms/sheet.tsx";
import { SheetActions, SheetForm } from "../forms/sheet-form.tsx";
import { useTold } from "../forms/use-told.ts";
import { useSession } from "../shared/session.ts";
import { DeviceNameField, wrongWith } from "./device-name-field.tsx";

interface RenameDeviceProps {
  device: Device;
  onClose: () => void;
  onRenamed: (device: Device) => void;
}

/** A form with a device's name. */
export function RenameDevice({ device, onClose, onRenamed }: RenameDeviceProps) {
  const { client } = useSession();
  const told = useTold(["name"]);
  const [name, setName] = useState(device.name);
  const [isBusy, setBusy] = useState(false);

  async function save(close: () => void): Promise<void> {
    told.again();
    const wrong = wrongWith(name);
    if (wrong) return told.wrong(wrong);
    setBusy(true);
    const answer = await client.renameDevice({ id: device.id, body: { name } });
    setBusy(false);
    if (!answer.ok)
      return told.tell(answer.error, answer.error.code === "not_found" ? "It is not paired any more." : undefined);
    onRenamed(answer.data);
    close();
  }

  return (
    <Sheet
      title={`Rename ${device.name}`}
      isDirty={name !== device.name && !isBusy}
      onClose={onClose}
      initialFocus={() => findField("name")}
    >
      {(close) => (
        <SheetForm
          told={told}
          isBusy={isBusy}
          onSubmit={() => void save(close)}
          fields={<DeviceNameField value={name} onChange={setName} hint="Cards that it moved keep the name of then." />}
        >
          <SheetActions left="Back" onLeft={close} submit={isBusy ? "Saving" : "Save"} />
        </SheetForm>
      )}
    </Sheet>
  );
}
