import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { type Aws, type Keys, variablesOf } from "./aws.ts";
import { addressesAt } from "./deployment.ts";
import { freePort } from "./emulator.ts";
import { startFront } from "./front.ts";
import { type Ended, mustRun, root, run } from "./run.ts";

/** A clone from which somebody releases to the stage prod of the stand-in, and the site that is released. */
export interface ReleasePlace {
  publicUrl: string;
  apiUrl: string;
  /** Parameters of the first release, because the stand-in has addresses of its own. */
  addresses: Record<string, string>;
  /** Replaces a text in a file of the clone, and commits that. */
  change: (file: string, from: string, to: string) => Promise<void>;
  run: (script: string, ...args: string[]) => Promise<Ended>;
  /** A file of releases/: what it says of the stage. */
  releases: (file: string) => Promise<Record<string, unknown>>;
  close: () => Promise<void>;
}

/** The check of types and style is the gate's. Everything else that the scripts call is real. */
const npm = `#!/usr/bin/env bash
set -euo pipefail
[ "$*" != 'run --silent check' ] || exit 0
PATH=\${PATH#*:} exec npm "$@"
`;

/** Makes the clone from the working tree as it is. `programs` is the folder of the AWS CLI; `keys` are the releaser's. */
export async function openReleasePlace(
  aws: Aws,
  endpoint: string,
  programs: string,
  keys: Keys,
): Promise<ReleasePlace> {
  const home = await mkdtemp(join(tmpdir(), "status-board-release-"));
  const [clone, bin] = [join(home, "clone"), join(home, "bin")];
  await copyTree(clone);
  await mkdir(bin);
  await writeFile(join(bin, "npm"), npm);
  await chmod(join(bin, "npm"), 0o755);
  const front = await startFront(endpoint, await freePort());
  const { apiUrl, liveUrl, connectionsEndpoint } = addressesAt(endpoint, "prod");
  const ended = new AbortController();
  const served = serveDistribution(aws, front.serve, ended.signal);
  const git = (...args: string[]) =>
    mustRun("git", ["-c", "user.name=ops", "-c", "user.email=ops@board.test", ...args], {}, clone);
  await git("init", "--quiet", "--initial-branch=main");
  const commit = async () => {
    await git("add", "--all", "--", ".", ":!releases");
    await git("commit", "--quiet", "--message", "a change");
  };
  await commit();
  const variables = {
    ...variablesOf(endpoint, keys),
    PATH: [bin, programs, join(root, "node_modules/.bin"), process.env.PATH].join(delimiter),
    HOME: home,
    API_URL: apiUrl,
    POLL_SECONDS: "0.5",
  };
  return {
    publicUrl: front.url,
    apiUrl,
    addresses: {
      PublicUrl: front.url,
      LiveUrl: liveUrl,
      ConnectionsEndpoint: connectionsEndpoint,
      AllowedHosts: new URL(endpoint).hostname,
    },
    async change(file, from, to) {
      const path = join(clone, file);
      const before = await readFile(path, "utf8");
      if (!before.includes(from)) throw new Error(`${file} has no ${from}`);
      await writeFile(
        path,
        before.replace(from, () => to),
      );
      await commit();
    },
    run: (script, ...args) => run(join(clone, "scripts", script), ["--stage", "prod", ...args], variables, clone),
    async releases(file) {
      const told: unknown = JSON.parse(await readFile(join(clone, "releases", file), "utf8"));
      return z.object({ prod: z.record(z.string(), z.unknown()) }).parse(told).prod;
    },
    async close() {
      ended.abort();
      await served;
      front.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** What git knows of, and would take in, with this project's packages. */
async function copyTree(to: string): Promise<void> {
  const listed = await mustRun("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  const removed = await mustRun("git", ["ls-files", "-z", "--deleted"]);
  const gone = new Set(removed.split("\0"));
  const files = listed.split("\0").filter((file) => file !== "" && !gone.has(file) && !file.startsWith("releases/"));
  for (const file of files) await cp(join(root, file), join(to, file), { verbatimSymlinks: true });
  await symlink(join(root, "node_modules"), join(to, "node_modules"));
}

const domainSchema = z.object({
  Stacks: z.tuple([z.object({ Outputs: z.array(z.object({ OutputKey: z.string(), OutputValue: z.string() })) })]),
});

/** The site's address leads to the stage's distribution as soon as there is one. */
async function serveDistribution(aws: Aws, serve: (domain: string) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const answer = await aws.try(["cloudformation", "describe-stacks", "--stack-name", "status-board-prod"]);
    const stack = answer.kind === "done" ? domainSchema.safeParse(answer.output).data?.Stacks[0] : undefined;
    const domain = stack?.Outputs.find(({ OutputKey }) => OutputKey === "DistributionDomain")?.OutputValue;
    if (domain !== undefined) return serve(domain);
    await wait(1_000);
  }
}
