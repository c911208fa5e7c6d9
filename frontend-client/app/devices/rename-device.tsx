import { Form } from "@base-ui/react/form";
import { type Device, limits } from "@status-board/contracts";
import { useState } from "react";
import { fieldStyles, findField, TextField } from "../forms/fields.tsx";
import { Sheet, SheetBody, SheetFooter, sheetStyles } from "../forms/sheet.tsx";
import { useTold } from "../forms/use-told.ts";
import { WriteTrouble } from "../forms/write-trouble.tsx";
import { Button } from "../shared/button.tsx";
import { useSession } from "../shared/session.ts";

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
    if (name.trim() === "") return told.wrong({ name: "What is it called?" });
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
        <Form
          className={sheetStyles.form}
          errors={told.errors}
          onSubmit={(event) => {
            event.preventDefault();
            if (!isBusy) void save(close);
          }}
        >
          <SheetBody>
            <TextField
              name="name"
              label="Name"
              value={name}
              onChange={setName}
              isRequired
              className={fieldStyles.wide}
              hint="Cards that it moved keep the name of then."
              input={{ maxLength: limits.nameMaxCharacters }}
            />
          </SheetBody>
          <SheetFooter>
            {told.trouble && <WriteTrouble {...told.trouble} />}
            <div className={sheetStyles.actions}>
              <Button onClick={close}>Back</Button>
              <Button kind="primary" type="submit">
                {isBusy ? "Saving" : "Save"}
              </Button>
            </div>
          </SheetFooter>
        </Form>
      )}
    </Sheet>
  );
}
