/** Line drawings on a field of 24 by 24. */
const paths = {
  alert: "M12 8v5m0 3.5v.01M10.3 4 2.6 17.5A2 2 0 0 0 4.3 20.5h15.4a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0z",
  calendar: "M7 3v4m10-4v4M4 9.5h16M5 5h14a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z",
  check: "m5 13 4.5 4.5L19 7",
  clock: "M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
  close: "M6 6l12 12M18 6 6 18",
  copy: "M9 9h10v11H9zM5 15V4h10",
  devices: "M3 5h13v4M3 5v10h8M7 19h4m3-10h7v11h-7zm3 8h1",
  down: "m6 9 6 6 6-6",
  edit: "m4 20 1-4L16.5 4.5a2 2 0 0 1 3 3L8 19z",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M17.5 10h.01M8 14.5h8",
  left: "m15 5-7 7 7 7",
  mail: "M3 6h18v12H3zm0 1 9 7 9-7",
  move: "M4 12h15m-5-5 5 5-5 5",
  note: "M6 3h9l4 4v14H6zM15 3v4h4M9.5 12h6m-6 4h6",
  phone: "M6 3h4l1.5 5L9 10a12 12 0 0 0 5 5l2-2.5 5 1.5v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-8 8.5a8 8 0 0 1 16 0",
  plus: "M12 5v14M5 12h14",
  right: "m9 5 7 7-7 7",
  search: "m20 20-4.5-4.5M17 10.5a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0z",
  services: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  trash: "M4 7h16M9 7V4h6v3m-8.5 0 1 13h9l1-13",
  tv: "M3 5h18v12H3zM8 21h8",
  undo: "M9 6 4 11l5 5m-5-5h10a5 5 0 0 1 0 10h-3",
} as const;

export type IconName = keyof typeof paths;

/**
 * A drawing beside words, or in a button that has a name; it says nothing to readers itself. `size` is in px for letters
 * of 16 px, and grows with them.
 */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={`${size / 16}rem`}
      height={`${size / 16}rem`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}
