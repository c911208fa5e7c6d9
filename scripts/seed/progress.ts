const barCharacters = 30;
const plainLineEveryPercent = 25;

/** Shows progress as a bar on a terminal, as a line for every quarter anywhere else. */
export function progressOn(stream: NodeJS.WriteStream): (done: number, total: number) => void {
  let shownPercent = 0;
  return (done, total) => {
    const percent = Math.floor((done / total) * 100);
    if (percent === shownPercent) return;
    if (stream.isTTY) {
      const filled = Math.round((done / total) * barCharacters);
      const bar = "█".repeat(filled) + "░".repeat(barCharacters - filled);
      stream.write(`\r${bar} ${String(percent).padStart(3)} %${done === total ? "\n" : ""}`);
    } else if (percent < shownPercent + plainLineEveryPercent) return;
    else stream.write(`${percent} %\n`);
    shownPercent = percent;
  };
}
