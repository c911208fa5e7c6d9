import type { Target } from "./board.ts";
import { openScreens } from "./screens.ts";

/* Screens that look on, in a process of their own: TARGET as JSON, BOARD_DATE and SCREENS say which and how many. */

const pingEveryMs = 25_000;
const { TARGET = "{}", BOARD_DATE: date = "", SCREENS = "0" } = process.env;
const target: Target = JSON.parse(TARGET);
const count = Number(SCREENS);

const screens = await openScreens(target, date, count);
setInterval(screens.pingNext, pingEveryMs / count);
process.stdout.write(`${JSON.stringify({ url: target.url })}\n`);
