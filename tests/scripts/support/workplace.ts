import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import * as z from "zod";
import type { Ended } from "../../../scripts/testing/run-command.ts";
import { type Account, newAccount } from "./account.ts";
import { type Answer, artifacts, carryOut, looks, pageBucket, region } from "./commands.ts";

/** What the next calls meet: an error instead of being carried out, one after it, or the end of the script. */
export type Fault = (call: {
  args: readonly string[];
  changed: number;
}) => "lost" | "answer lost" | "kill" | { problem: string } | undefined;

/** A clone of the product's repository with real scripts, on a stand-in for an AWS account and the site that it deploys. */
export interface Workplace {
  account: Account;
  directory: string;
  url: string;
  /** What a request for the shop's settings gets, unsigned and signed, in each mode. */
  answers: Record<string, { unsigned: number; signed: number }>;
  /** Every command of the AWS CLI that was carried out, without common options. */
  calls: string[][];
  fault: Fault | undefined;
  /** Puts this into template.yaml, and commits it. */
  commit: (template: string) => void;
  run: (script: string, ...args: string[]) => Promise<Ended & { calls: string[][] }>;
  /** What the site's page says: the text of the template that its build saw. */
  page: () => Promise<string>;
  /** The version that the API says it is. */
  serves: () => string | undefined;
  /** A file of releases/, undefined when there is none. */
  releases: (file: string) => unknown;
  /** An object of the artifacts' bucket, read as JSON. */
  kept: (key: string) => unknown;
  lockOwner: () => string | undefined;
  close: () => void;
}

const root = join(import.meta.dirname, "../../..");
const parameterLines = [
  "Stage=dev",
  "Release",
  "Deployment=",
  "AuthMode=oidc",
  "AllowPublicNone=",
  "ShopId=workshop",
  "ShopTimeZone=UTC",
  "LogLevel=info",
];
const head = parameterLines.map((line) => `# parameter ${line}\n`).join("");

const programs = {
  aws: `if answer=$(curl --silent --fail-with-body --data-binary @<(printf '%s\\0' "$@") "$SITE/aws"); then printf '%s\\n' "$answer"
else printf '%s\\n' "$answer" >&2; exit 254; fi`,
  npm: `case "$*" in
  *build:page*) mkdir -p frontend-client/app/dist/assets
    cp template.yaml frontend-client/app/dist/assets/app.js
    { echo '<!doctype html>'; cat template.yaml; } >frontend-client/app/dist/index.html ;;
  *migrate*known*) cat migrations.json ;;
  *migrate*up*) printf '%s\\0' npm migrate-up "$@" | curl --silent --fail --data-binary @- "$SITE/aws" || { echo 'migration 0002 failed' >&2; exit 1; } ;;
  *check*) if grep -q '# does not pass the check' template.yaml; then echo 'a type is wrong'; exit 1; fi ;;
esac`,
  smoke: `echo "ok   $*"
curl --silent --fail "$SITE/probe" >/dev/null || { echo 'FAIL move' >&2; exit 1; }`,
};

function write(file: string, body: string): void {
  writeFileSync(file, `#!/usr/bin/env bash\nset -euo pipefail\n${body}\n`);
  chmodSync(file, 0o755);
}

function makeRepository(like?: string): { directory: string; git: (...args: string[]) => void } {
  const directory = mkdtempSync(join(tmpdir(), "status-board-"));
  const git = (...args: string[]) =>
    void execFileSync("git", ["-c", "user.name=ops", "-c", "user.email=ops@board.test", ...args], { cwd: directory });
  if (like !== undefined) {
    cpSync(like, directory, { recursive: true });
    return { directory, git };
  }
  mkdirSync(join(directory, "bin"));
  mkdirSync(join(directory, "node_modules"));
  cpSync(join(root, "scripts/common"), join(directory, "scripts/common"), { recursive: true });
  for (const name of ["release", "rollback", "auth-toggle", "security-audit"])
    if (existsSync(join(root, `scripts/${name}.sh`)))
      cpSync(join(root, `scripts/${name}.sh`), join(directory, `scripts/${name}.sh`));
  write(join(directory, "scripts/smoke.sh"), programs.smoke);
  write(join(directory, "bin/aws"), programs.aws);
  write(join(directory, "bin/npm"), programs.npm);
  writeFileSync(join(directory, ".gitignore"), "bin/\nnode_modules/\ndist/\n");
  writeFileSync(
    join(directory, "migrations.json"),
    JSON.stringify([{ id: "0001", name: "first-shop", earlierReleases: "work" }]),
  );
  git("init", "--quiet", "--initial-branch=main");
  return { directory, git };
}

const isBroken = (account: Account) => account.stack?.template.includes("# broken") ?? false;

/** An empty account and a new repository, or copies of those of another workplace. */
export async function openWorkplace(like?: Workplace): Promise<Workplace> {
  const account = like ? structuredClone(like.account) : newAccount();
  const { directory, git } = makeRepository(like?.directory);
  const calls: string[][] = [];
  let changed = 0;
  let victim: number | undefined;
  const answers: Workplace["answers"] = {
    none: { unsigned: 200, signed: 200 },
    oidc: { unsigned: 401, signed: 200 },
    iam: { unsigned: 401, signed: 200 },
  };
  const workplace: { fault: Fault | undefined } = { fault: undefined };

  function answer(args: string[]): Answer {
    const isLook = looks.test(args[1] ?? "");
    const fault = workplace.fault?.({ args, changed: isLook ? changed : ++changed });
    const lost = { problem: 'Could not connect to the endpoint URL: "https://aws.test/"' };
    if (fault === "lost") return lost;
    if (typeof fault === "object") return fault;
    calls.push(args);
    const result = args[0] === "npm" ? migrated(account) : carryOut(account, args);
    if (fault === "kill" && victim !== undefined) process.kill(-victim, "SIGKILL");
    return fault === "answer lost" ? lost : result;
  }

  const server = createServer(async (request, response) => {
    if (request.url === "/aws") {
      const args = String(await buffer(request))
        .split("\0")
        .slice(0, -1);
      const result = answer(withoutCommon(args));
      if ("problem" in result) response.writeHead(500).end(`${result.problem}\n`);
      else response.end(JSON.stringify(result.out).replaceAll("$SITE", url));
    } else if (request.url === "/health")
      response.end(JSON.stringify({ data: { version: account.stack?.parameters.Release } }));
    else if (request.url?.endsWith("/api/admin/shop")) {
      const { unsigned, signed } = answers[account.stack?.parameters.AuthMode ?? ""] ?? { unsigned: 500, signed: 500 };
      response.writeHead(request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 ") ? signed : unsigned).end();
    } else if (request.url === "/probe") response.writeHead(isBroken(account) ? 500 : 200).end();
    else if (request.url === "/") response.end(account.objects.get(`${pageBucket}/index.html`)?.body ?? "");
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true, force: true });
  };
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const url = `http://127.0.0.1:${port}`;

  const env = {
    PATH: `${join(directory, "bin")}:${process.env.PATH}`,
    HOME: directory,
    ...{ SITE: url, AWS_REGION: region, POLL_SECONDS: "0.01", USER: "ops", POLL_TRIES: "30" },
  };

  return Object.assign(workplace, {
    account,
    answers,
    close,
    directory,
    url,
    calls,
    commit(template: string) {
      writeFileSync(join(directory, "template.yaml"), head + template);
      git("add", "--all", "--", ".", ":!releases");
      git("commit", "--quiet", "--allow-empty", "--message", "a change");
    },
    async run(script: string, ...args: string[]) {
      const first = calls.length;
      changed = 0;
      const child = spawn(join(directory, "scripts", script), args, {
        cwd: directory,
        env,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      victim = child.pid;
      const ended = new Promise<number | null>((resolve, reject) => child.once("close", resolve).once("error", reject));
      const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
      return { code, out, err, calls: calls.slice(first) };
    },
    async page() {
      return (await (await fetch(`${url}/`)).text()).replace("<!doctype html>\n", "").replace(head, "").trim();
    },
    serves: () => account.stack?.parameters.Release,
    releases(file: string) {
      const path = join(directory, "releases", file);
      return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
    },
    kept(key: string) {
      const found = account.objects.get(`${artifacts}/${key}`);
      return found && JSON.parse(String(found.body));
    },
    lockOwner() {
      const lock = account.parameters.get("/status-board/dev/release-lock");
      return lock === undefined ? undefined : z.object({ owner: z.string() }).parse(JSON.parse(lock)).owner;
    },
  });
}

/** A stage on which 1.0.0 serves. */
export async function releasedStage(): Promise<Workplace> {
  const place = await openWorkplace();
  place.commit("first");
  const { code, out, err } = await place.run("release.sh", "1.0.0");
  if (code !== 0) throw new Error(`the first release failed: ${out}${err}`);
  return place;
}

const migrated = (account: Account): Answer =>
  [...account.changeSets.values()].some(({ template }) => template.includes("# its migration fails"))
    ? { problem: "the migration failed" }
    : { out: "ran" };

/** What follows `--output json …`: the service, the operation and their options. */
function withoutCommon(args: string[]): string[] {
  const common = new Set([
    "--output",
    "--cli-connect-timeout",
    "--cli-read-timeout",
    "--region",
    "--profile",
    "--endpoint-url",
  ]);
  let first = 0;
  while (common.has(args[first] ?? "")) first += 2;
  return args.slice(first);
}

export const sha256 = (body: Buffer | string): string => createHash("sha256").update(body).digest("hex");
