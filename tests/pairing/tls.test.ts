import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { get as getPlain } from "node:http";
import { get } from "node:https";
import { join } from "node:path";
import { connect } from "node:tls";
import { expect, it } from "vitest";
import { certificateFiles } from "../../src/local/certificates.ts";
import { openOwnAuthority } from "../../src/local/own-authority.ts";
import { failingServer } from "../../src/testing/server-process.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";
import { startPaired } from "./board.ts";

const day = 86_400_000;
const at = (ms: number) => () => new Date(ms);
const pemOf = (der: Uint8Array) => new X509Certificate(der).toString();

interface Answer {
  status: number;
  text: string;
  headers: Record<string, unknown>;
}
const fetchBy = (read: typeof get | typeof getPlain, url: string, options: object) =>
  new Promise<Answer>((resolve, reject) => {
    read(url, options, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
    }).on("error", reject);
  });

it("[AU1] an authority of its own serves https on the network, http to the owner, and the root to whoever asks", async () => {
  const DATA_DIR = temporaryDirectory();
  const { url, network } = await startPaired({ DATA_DIR, TLS: "own" });
  expect([new URL(url).protocol, new URL(network).protocol]).toEqual(["http:", "https:"]);
  expect((await fetch(`${url}/auth/me`)).status).toBe(200);
  const plain = network.replace("https", "http");
  const page = await fetchBy(getPlain, `${plain}/`, {});
  expect(page.text).toContain("/ca.crt");
  expect(page.text).toContain(`${network}/pair`);
  expect((await fetchBy(getPlain, `${plain}/auth/me`, {})).text).toContain("<!doctype html>");
  expect((await fetchBy(getPlain, `${plain}/`, { headers: { host: "evil.test" } })).status).toBe(403);
  const root = Buffer.from(await (await fetch(`${plain}/ca.crt`)).arrayBuffer());
  expect(pemOf(root).trim()).toBe(readFileSync(join(DATA_DIR, "tls/ca.crt"), "utf8").trim());
  const trusted = { ca: pemOf(root), agent: false };
  expect(JSON.parse((await fetchBy(get, `${network}/auth/ways-in`, trusted)).text).data.pairing).toBe(true);
  await expect(fetchBy(get, `${network}/auth/ways-in`, { agent: false })).rejects.toThrow(/certificate/);
});

it("[AU1] over https a device's cookie is bound to its host", async () => {
  const { network, url, newCode } = await startPaired({ TLS: "own" });
  const root = pemOf(Buffer.from(await (await fetch(`${url}/ca.crt`)).arrayBuffer()));
  const code = await newCode();
  const answer = await new Promise<string>((resolve, reject) => {
    const { hostname, port, host } = new URL(network);
    const body = JSON.stringify({ code });
    const socket = connect({ host: hostname, port: Number(port), ca: root }, () =>
      socket.write(
        `POST /auth/pair HTTP/1.1\r\nhost: ${host}\r\norigin: ${network}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      ),
    );
    let text = "";
    socket.setEncoding("utf8").on("data", (part) => {
      text += part;
    });
    socket.on("end", () => resolve(text)).on("error", reject);
  });
  expect(answer).toMatch(
    /set-cookie: __Host-session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax; Secure/i,
  );
});

it("[AU1] the root is made once, the certificate anew before it expires and when the names change", async () => {
  const directory = join(temporaryDirectory(), "tls");
  const start = Date.parse("2031-03-03T08:00:00.000Z");
  let now = start;
  const options = { machine: "pc", hosts: ["192.168.1.20", "pc"], clock: () => new Date(now) };
  const first = await openOwnAuthority(directory, options);
  const one = await first.current(["192.168.1.20", "pc"]);
  expect(await first.current(["192.168.1.20", "pc"])).toBe(one);
  const leaf = new X509Certificate(one.cert);
  expect(leaf.verify(new X509Certificate(first.root).publicKey)).toBe(true);
  expect(leaf.checkIP("192.168.1.20")).toBeDefined();
  expect(leaf.checkHost("pc")).toBe("pc");
  expect(leaf.validToDate.getTime() - start).toBe(90 * day);
  expect(new X509Certificate((await first.current(["10.0.0.7"])).cert).checkIP("10.0.0.7")).toBeDefined();
  now = start + 60 * day;
  const renewed = new X509Certificate((await first.current(["10.0.0.7"])).cert);
  expect(renewed.validToDate.getTime()).toBe(now + 90 * day);
  const again = await openOwnAuthority(directory, options);
  expect(Buffer.from(again.root).equals(Buffer.from(first.root))).toBe(true);
  // A name that the root may not vouch for would spoil the whole certificate.
  const foreign = new X509Certificate((await again.current(["bank.example", "192.168.1.20"])).cert);
  expect(foreign.subjectAltName).not.toContain("bank");
});

it("[AU1] OpenSSL trusts a certificate of the root's for local names, and none for others", async () => {
  const directory = join(temporaryDirectory(), "tls");
  const options = { machine: "pc", hosts: ["pc"], clock: at(Date.now()) };
  const authority = await openOwnAuthority(directory, options);
  const { cert } = await authority.current(["192.168.1.20", "fd00::20", "pc", "pc.local"]);
  writeFileSync(join(directory, "leaf.pem"), cert);
  const verify = ["verify", "-purpose", "sslserver", "-CAfile", join(directory, "ca.crt"), join(directory, "leaf.pem")];
  expect(execFileSync("openssl", verify, { encoding: "utf8" })).toContain("OK");
});

it("[AU1] a root whose key is lost or another's is a start that says so", async () => {
  const DATA_DIR = temporaryDirectory();
  await openOwnAuthority(join(DATA_DIR, "tls"), { machine: "pc", hosts: [], clock: () => new Date() });
  const other = join(temporaryDirectory(), "tls");
  await openOwnAuthority(other, { machine: "pc", hosts: [], clock: () => new Date() });
  writeFileSync(join(DATA_DIR, "tls/ca.key"), readFileSync(join(other, "ca.key")));
  const { code, stderr } = await failingServer({ DATA_DIR, HOST: "0.0.0.0", AUTH_MODE: "paired", TLS: "own" });
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^Cannot start\. [^\n]*do not belong together[^\n]*\n$/)]);
});

it("[AU1] bad certificate files are told in one line each", async () => {
  const directory = temporaryDirectory();
  const [cert, key] = [join(directory, "a.crt"), join(directory, "a.key")];
  const authority = await openOwnAuthority(join(directory, "tls"), { machine: "pc", hosts: [], clock: at(Date.now()) });
  const made = await authority.current([]);
  const current = (ms = Date.now()) => certificateFiles(cert, key, at(ms)).current([]);
  await expect(current()).rejects.toThrow(`TLS_CERT ${cert} is not there.`);
  writeFileSync(cert, "nonsense");
  writeFileSync(key, made.key);
  await expect(current()).rejects.toThrow("is no certificate");
  writeFileSync(cert, made.cert);
  expect(await current()).toEqual(made);
  await expect(current(Date.now() + 91 * day)).rejects.toThrow("has expired");
  await expect(current(Date.now() - 9 * day)).rejects.toThrow("clock");
  writeFileSync(key, "nonsense");
  await expect(current()).rejects.toThrow("is no private key");
  writeFileSync(key, readFileSync(join(directory, "tls/ca.key")));
  await expect(current()).rejects.toThrow("is not the key of the certificate");
  expect(existsSync(cert)).toBe(true);
});

it.each([
  [{ AUTH_MODE: "none", HOST: "0.0.0.0" }, "HOST"],
  [{ AUTH_MODE: "paired", HOST: "192.0.2.9" }, "127.0.0.1"],
  [{ TLS_CERT: "a.pem" }, "TLS_KEY"],
  [{ TLS: "own", TLS_CERT: "a.pem", TLS_KEY: "b.pem" }, "TLS"],
  [{ TLS_CERT: "a.pem", TLS_KEY: "b.pem" }, "TLS_CERT a.pem is not there"],
])("[AU1] settings that contradict each other end the start: %j", async (variables: Record<string, string>, hint) => {
  const { code, stderr } = await failingServer({ DATA_DIR: join(temporaryDirectory(), "data"), ...variables });
  expect(stderr).toMatch(/^Cannot start\. [^\n]+\n$/);
  expect(stderr).toContain(hint);
  expect(code).toBe(1);
});
