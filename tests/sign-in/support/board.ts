import { ulid } from "ulid";
import { onTestFinished } from "vitest";
import { openStore } from "../../../src/local/open-store.ts";
import type { OpenedStore } from "../../../src/local/opened-store.ts";
import { type Parts, start } from "../../../src/local/start.ts";
import { readLocalEnvironment } from "../../../src/runtime/environment.ts";
import { createLogger } from "../../../src/runtime/logger.ts";
import type { Api } from "../../../src/testing/api.ts";
import type { Database } from "../../live/support/databases.ts";
import { httpApi } from "../../live/support/http-api.ts";
import { startIssuer, type TestIssuer } from "./issuer.ts";
import { createVisitor, type Visited, type Visitor } from "./visitor.ts";

/** The board behind a real issuer, with a clock for its sessions that the test moves. */
export interface Board {
  url: string;
  issuer: TestIssuer;
  store: OpenedStore;
  log: readonly string[];
  advance: (ms: number) => void;
  /** How many sessions the database holds, as far as they were made here. */
  sessionsMade: () => number;
}

export interface BoardOptions {
  variables?: Record<string, string>;
  pageDirectory?: string;
}

/** Values of the claim, and the role that each maps to. */
export const roleMap = { halls: "viewer", bays: "technician", desk: "advisor", office: "manager" } as const;

export async function startBoard(database: Database, options: BoardOptions = {}): Promise<Board> {
  const issuer = await startIssuer();
  for (const [value, role] of Object.entries(roleMap)) issuer.people.set(role, { name: `Ms ${role}`, roles: [value] });
  const variables = {
    PORT: "0",
    SHOP_ID: "north",
    SHOP_TIME_ZONE: "UTC",
    AUTH_MODE: "oidc",
    OIDC_ISSUER: issuer.url,
    OIDC_CLIENT_ID: issuer.clientId,
    OIDC_ROLE_MAP: JSON.stringify(roleMap),
    ...(await database.variables()),
    ...options.variables,
  };
  let aheadMs = 0;
  let made = 0;
  const log: string[] = [];
  const logger = createLogger({ level: "info", release: "1", destination: { write: (line) => void log.push(line) } });
  let store: OpenedStore | undefined;
  const open: Parts["open"] = async (...given) => {
    const opened = await openStore(...given);
    const putSession: typeof opened.sessions.putSession = async (...session) => {
      await opened.sessions.putSession(...session);
      made++;
    };
    store = { ...opened, sessions: { ...opened.sessions, putSession } };
    return store;
  };
  const clock = () => new Date(Date.now() + aheadMs);
  const { pageDirectory } = options;
  const running = await start(readLocalEnvironment(variables), logger, {
    open,
    clock,
    ...(pageDirectory && { pageDirectory }),
  });
  onTestFinished(() => running.close());
  issuer.admit(`${running.url}/auth/callback`);
  if (store === undefined) throw new Error("the server has opened no store");
  return {
    url: running.url,
    issuer,
    store,
    log,
    advance: (ms) => {
      aheadMs += ms;
    },
    sessionsMade: () => made,
  };
}

const isCallback = (url: URL) => url.pathname === "/auth/callback";

/** Goes to sign in and chooses a person at the issuer; stops before the address that leads back, and gives it. */
export async function comeBackAs(
  board: Board,
  visitor: Visitor,
  person: string,
  { query = "", tamper = (_url: URL) => {} }: { query?: string; tamper?: (authorization: URL) => void } = {},
): Promise<string> {
  const left = await visitor.send(`${board.url}/auth/login${query}`);
  const authorization = new URL(left.headers.get("location") ?? "", left.url);
  tamper(authorization);
  return chooseAt(board.issuer, visitor, authorization.href, person);
}

/** Chooses a person at the issuer, and gives the address that leads back; who is signed in there is not asked. */
export async function chooseAt(
  issuer: TestIssuer,
  visitor: Visitor,
  authorization: string,
  person: string,
): Promise<string> {
  const list = await visitor.visit(authorization, isCallback);
  if (isCallback(new URL(list.url))) return list.url;
  const link = /href="(\/interaction\/[^/"]+)\//.exec(list.text)?.[1];
  if (link === undefined) throw new Error(`the issuer shows no list: ${list.status} ${list.text}`);
  const chosen = await visitor.visit(`${issuer.url}${link}/${person}`, isCallback);
  if (isCallback(new URL(chosen.url))) return chosen.url;
  throw new Error(`the issuer does not lead back: ${chosen.status} ${chosen.text}`);
}

/** The whole way in: the answer of the callback. */
export async function signIn(board: Board, visitor: Visitor, person: string, query = ""): Promise<Visited> {
  return visitor.send(await comeBackAs(board, visitor, person, { query }));
}

/** A visitor who has signed in, and the API as his page calls it. */
export async function signedIn(board: Board, person: string): Promise<{ visitor: Visitor; api: Api }> {
  const visitor = createVisitor();
  const { status, text } = await signIn(board, visitor, person);
  if (status !== 302) throw new Error(`${person} could not sign in: ${status} ${text}`);
  return { visitor, api: apiOf(board, visitor) };
}

/** The API as a page calls it that lies at the board's own origin. */
export const apiOf = (board: Board, visitor: Visitor): Api =>
  httpApi(board.url, { origin: board.url, cookie: cookieHeader(board, visitor) });

export const cookieHeader = ({ url }: Board, visitor: Visitor): string =>
  [...visitor.cookies(new URL(url).hostname)].map(([name, value]) => `${name}=${value}`).join("; ");

/** A card that can be created. */
export const newCard = () => {
  const start = "2031-03-03T09:00:00.000Z";
  const end = "2031-03-03T10:00:00.000Z";
  return { id: ulid(), start, end, customer: { name: "Maria Keller" }, vehicle: {}, serviceCodes: [] };
};
