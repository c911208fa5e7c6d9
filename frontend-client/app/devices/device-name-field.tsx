import { limits } from "@status-board/contracts";
import { fieldStyles, TextField } from "../forms/fields.tsx";

interface DeviceNameFieldProps {
  value: string;
  onChange: (name: string) => void;
  hint: string;
}

/** What a device is called. */
export function DeviceNameField(props: DeviceNameFieldProps) {
  return (
    <TextField
      {...props}
      name="name"
      label="Name"
      isRequired
      className={fieldStyles.wide}
      input={{ maxLength: limits.nameMaxCharacters }}
    />
  );
}

/** What is wrong with a name, by field; undefined for a good one. */
export const wrongWith = (name: string) => (name.trim() === "" ? { name: "What is it called?" } : undefined);
