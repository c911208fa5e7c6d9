import { openScreens } from "./screens.ts";

/* Screens in a process of their own, so that what they receive does not keep the client that is measured from its clock. */

const { BOARD_URL: url = "", BOARD_DATE: date = "", SCREENS: count = "0" } = process.env;
await openScreens(url, date, Number(count));
process.stdout.write(`${JSON.stringify({ url })}\n`);
