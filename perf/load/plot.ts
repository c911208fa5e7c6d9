import type { Operation, Slice } from "./outcome.ts";

const width = 880;
const height = 360;
const margin = { top: 40, right: 24, bottom: 40, left: 64 };
const colours: Record<Operation, string> = { board: "#2563eb", stats: "#059669", move: "#d97706" };
const operations = Object.keys(colours) as Operation[];

/** A round number at least as large as `value`: 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 0.1)));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

const text = (x: number, y: number, words: string, anchor = "middle") =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;

/** Latency over the run as an SVG: for each operation the p95 of each slice as a line, the median as a thin one. */
export function plotOf(slices: readonly Slice[], title: string): string {
  const lastSecond = Math.max(1, ...slices.map(({ second }) => second));
  const topMs = roundUp(Math.max(1, ...slices.map(({ p95 }) => p95 ?? 0)));
  const x = (second: number) => margin.left + (second / lastSecond) * (width - margin.left - margin.right);
  const y = (ms: number) => height - margin.bottom - (ms / topMs) * (height - margin.top - margin.bottom);
  const line = (operation: Operation, statistic: "p50" | "p95") => {
    const points = slices
      .filter((slice) => slice.operation === operation && slice[statistic] !== null)
      .toSorted((a, b) => a.second - b.second)
      .map((slice) => `${x(slice.second).toFixed(1)},${y(slice[statistic] ?? 0).toFixed(1)}`);
    const stroke = statistic === "p95" ? 2 : 0.7;
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${colours[operation]}" stroke-width="${stroke}"/>`;
  };
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = y(share * topMs);
    const rule = `<line x1="${margin.left}" x2="${width - margin.right}" y1="${at}" y2="${at}" stroke="#d4d4d8"/>`;
    return `${rule}${text(margin.left - 8, at + 4, `${Number((share * topMs).toPrecision(3))} ms`, "end")}`;
  });
  const legend = operations.map(
    (operation, index) =>
      `<g fill="${colours[operation]}">${text(width - margin.right - 200 + index * 80, 20, operation)}</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#3f3f46">
<rect width="100%" height="100%" fill="#ffffff"/>
${text(margin.left, 20, title, "start")}
${grid.join("\n")}
${operations.flatMap((operation) => [line(operation, "p50"), line(operation, "p95")]).join("\n")}
${text(margin.left, height - 14, "0 s")}
${text(width - margin.right, height - 14, `${lastSecond} s`, "end")}
${legend.join("\n")}
</svg>
`;
}
