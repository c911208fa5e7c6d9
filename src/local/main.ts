import { enableCompileCache } from "node:module";

// Most of a start is loading code: from the second start on, what was compiled before comes from the temporary folder.
enableCompileCache();
await import("./run.ts");
