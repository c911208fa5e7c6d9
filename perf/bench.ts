import { measureHttp } from "./http-bench.ts";

const f = await measureHttp(Number(process.argv[2] ?? 2));
console.log("ready", f.readyMs, "raw", f.rawPerSecond);
for (const k of Object.keys(f.board))
  console.log(k.padEnd(10), "floor", JSON.stringify(f.floor[k]), "board", JSON.stringify(f.board[k]));
