import { chooseAt } from "../../sign-in/support/board.ts";
import type { TestIssuer } from "../../sign-in/support/issuer.ts";
import { createVisitor } from "../../sign-in/support/visitor.ts";

/** The cookie of the deployed site for a person who chooses himself at the issuer. */
export async function cookieOfPerson(url: string, issuer: TestIssuer, person: string): Promise<string> {
  const visitor = createVisitor();
  const left = await visitor.send(`${url}/auth/login`);
  const landed = await visitor.send(await chooseAt(issuer, visitor, left.headers.get("location") ?? "", person));
  if (landed.status !== 302) throw new Error(`${person} could not sign in: ${landed.status} ${landed.text}`);
  return `session=${visitor.cookies(new URL(url).hostname).get("session")}`;
}

/** The cookie of a device that enters a code, as the page /pair does. */
export async function cookieOfDevice(url: string, code: string): Promise<string> {
  const headers = { "content-type": "application/json", origin: url };
  const answer = await fetch(`${url}/auth/pair`, { method: "POST", headers, body: JSON.stringify({ code }) });
  const [cookie] = answer.headers.getSetCookie();
  if (cookie === undefined) throw new Error(`the device was not paired: ${answer.status} ${await answer.text()}`);
  return cookie.split(";")[0] ?? "";
}
