import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile, type Plugin } from "esbuild";
import { leaveUnusedConstants } from "./unused-constants.ts";

/** The functions, each by the name of its entry in src/aws. */
export const functions = [
  "appointments",
  "auth",
  "board",
  "canary",
  "carry-over",
  "health",
  "live",
  "pre-traffic",
  "publisher",
  "rotation",
  "services",
  "stats",
] as const;
export type FunctionName = (typeof functions)[number];

const root = fileURLToPath(new URL("..", import.meta.url));

/** Some of what is bundled asks for Node's own modules as if it were CommonJS. */
const banner = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;

/**
 * What a function never needs, or not at its start, and would pay for at each start nevertheless.
 *
 * Its credentials are in its environment: the SDK's search in files, at other services and in the machine's metadata stays out. No
 * operation that it calls streams events. It logs in its own thread: pino's workers stay out, and what the two ask of Node for them.
 * Whoever imports `node:http` or `node:process` as a module makes Node load its whole fetch, or open the standard streams, for the sake
 * of one export.
 */
const leaner: Plugin = {
  name: "leaner",
  setup({ onResolve, onLoad }) {
    const stand = (filter: RegExp, contents: string, resolveDir = root) => {
      onResolve({ filter }, ({ path }) => ({ path, namespace: "leaner" }));
      onLoad({ filter, namespace: "leaner" }, () => ({ contents, resolveDir }));
    };
    stand(
      /^@aws-sdk\/credential-provider-node$/,
      'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env"',
      join(root, "node_modules/@aws-sdk/credential-provider-node"),
    );
    // What the SDK loads for an operation that streams; a client that has one imports it at once.
    onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path, kind }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    );
    // What DynamoDB's client has for endpoints that it would have to discover.
    stand(
      /^@aws-sdk\/middleware-endpoint-discovery$/,
      `export const resolveEndpointDiscoveryConfig = (config) => config;
       export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { environmentVariableSelector() {}, configFileSelector() {}, default: false };`,
    );
    // Clients name their version to AWS, and no more of their packages.
    onLoad({ filter: /\/@aws-sdk\/client-[a-z-]+\/package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
    // Of pino: other threads, several destinations, words to hide. Whoever used one of them would hear so in the function's first moment.
    onLoad({ filter: /\/pino\/lib\/(transport|multistream|redaction)\.js$/ }, () => ({ contents: "" }));
    stand(/^(sonic-boom|on-exit-leak-free)$/, "module.exports = class {}");
    stand(/^thread-stream$/, "module.exports = class {}");
    stand(/^worker_threads$/, "exports.isMainThread = true");
    stand(/^assert$/, 'module.exports = (...given) => process.getBuiltinModule("node:assert")(...given)');
    stand(/^(node:)?http$/, 'module.exports = process.getBuiltinModule("node:http")');
    stand(/^(node:)?process$/, "module.exports = process");
  },
};

/** The part of zod that writes JSON Schema: each schema would bring it along, and one function alone has documents of that. */
const noJsonSchema: Plugin = {
  name: "no-json-schema",
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/ }, () => ({ contents: "" }));
  },
};

async function bundle(names: readonly string[], outdir: string, plugins: readonly Plugin[]): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: `src/aws/${name}.ts`, out: `${name}/index` })),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node24",
    // Named beside "source", or esbuild leaves it out: packages then give CommonJS, of which nothing unused can be left away.
    conditions: ["source", "module"],
    mainFields: ["module", "main"],
    // "external": written beside the bundle, which does not name it.
    sourcemap: "external",
    banner: { js: banner },
    plugins: [leaveUnusedConstants, leaner, ...plugins],
    metafile: true,
    logLevel: "error",
  });
  return metafile;
}

/**
 * Bundles each function to `<directory>/aws/<name>/index.mjs`, whose `handler` Lambda calls. The source maps go to
 * `<directory>/aws-maps/<name>/`: a function carries none, and whoever reads a stack trace has them at hand. Gives what
 * went into the bundles.
 */
export async function buildAws(directory: string, names: readonly string[] = functions): Promise<Metafile> {
  const [bundles, maps] = [join(directory, "aws"), join(directory, "aws-maps")];
  for (const folder of [bundles, maps]) await rm(folder, { recursive: true, force: true });
  const [withDocuments, others] = [
    names.filter((name) => name === "health"),
    names.filter((name) => name !== "health"),
  ];
  const built = [await bundle(withDocuments, bundles, []), await bundle(others, bundles, [noJsonSchema])];
  for (const name of names) {
    await mkdir(join(maps, name), { recursive: true });
    await rename(join(bundles, name, "index.mjs.map"), join(maps, name, "index.mjs.map"));
  }
  return {
    inputs: Object.assign({}, ...built.map(({ inputs }) => inputs)),
    outputs: Object.assign({}, ...built.map(({ outputs }) => outputs)),
  };
}

if (import.meta.main) {
  const { outputs } = await buildAws(join(root, "dist"));
  for (const [path, { bytes }] of Object.entries(outputs))
    if (path.endsWith(".mjs")) console.log(`${path}  ${Math.round(bytes / 1000)} kB`);
}
