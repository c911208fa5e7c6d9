// Plain JavaScript, as is what it imports: Node brings its TypeScript compiler along only where something is TypeScript, and keeps the
// 13 MB that it takes.
import { enableCompileCache } from "node:module";
import { pathToFileURL } from "node:url";
import { freshBundle } from "./bundle.js";

// Most of a start is loading code: from the second start on, what was compiled before comes from the temporary folder.
enableCompileCache();
const bundle = freshBundle();
await import(bundle === undefined ? "./run.ts" : pathToFileURL(bundle).href);
