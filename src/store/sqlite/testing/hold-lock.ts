import { lockDataDir } from "../lock-data-dir.ts";

/* Run as a process of its own: owns the directory named on the command line until it is killed. */
const [directory = ""] = process.argv.slice(2);
lockDataDir(directory);
console.log("held");
setInterval(() => {}, 60_000);
