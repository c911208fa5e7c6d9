import type { ComponentProps } from "react";
import styles from "./button.module.css";
import { Icon, type IconName } from "./icon.tsx";

/** `primary`: the one thing to do here. `quiet`: without a frame. `danger`: takes something away. */
export type ButtonKind = "plain" | "primary" | "quiet" | "danger";

/** The class names of a button, for a link that looks like one. */
export function buttonClass(kind: ButtonKind = "plain", extra = ""): string {
  return [styles.button, kind === "plain" ? "" : styles[kind], extra].filter(Boolean).join(" ");
}

type ButtonProps = ComponentProps<"button"> & { kind?: ButtonKind | undefined };

/** A button of 44 px and more. It submits nothing unless its `type` says so. */
export function Button({ kind, className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={buttonClass(kind, className)} {...rest} />;
}

type IconButtonProps = Omit<ButtonProps, "children" | "aria-label"> & { icon: IconName; label: string };

/** A button with a drawing instead of words; `label` is its name, for readers and as a tip. */
export function IconButton({ icon, label, className = "", kind = "quiet", ...rest }: IconButtonProps) {
  return (
    <Button kind={kind} aria-label={label} title={label} className={`${styles.icon} ${className}`} {...rest}>
      <Icon name={icon} />
    </Button>
  );
}
