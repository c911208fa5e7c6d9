import { generate } from "lean-qr";
import { useMemo } from "react";
import styles from "./devices.module.css";

/** Light modules around a code, without which cameras do not find it. */
const margin = 3;

/** A QR code: dark on white in either theme, because many cameras take it in no other way. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => {
    const code = generate(text);
    let drawn = "";
    for (let y = 0; y < code.size; y++)
      for (let x = 0; x < code.size; x++) if (code.get(x, y)) drawn += `M${x} ${y}h1v1h-1z`;
    return { path: drawn, size: code.size };
  }, [text]);
  const side = size + 2 * margin;
  return (
    <svg
      role="img"
      aria-label={label}
      className={styles.qr}
      viewBox={`${-margin} ${-margin} ${side} ${side}`}
      shapeRendering="crispEdges"
    >
      <rect x={-margin} y={-margin} width={side} height={side} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
