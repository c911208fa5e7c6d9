import "reflect-metadata";
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  webcrypto,
  X509Certificate,
} from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { StartProblem } from "../runtime/environment.ts";
import type { Certificate, CertificateSource } from "./certificates.ts";
import { isNameWithin, nameConstraints } from "./name-constraints.ts";
import { loopbackNames } from "./own-names.ts";

const dayMs = 86_400_000;
/** For as long as the PC may stand there: whoever replaces the root has to go to every device. */
const rootValidMs = 20 * 365 * dayMs;
/** Apple's devices take no more than 825 days. */
const ownValidMs = 90 * dayMs;
const renewBeforeMs = 30 * dayMs;
/** A phone's clock may be behind. */
const backdatedMs = dayMs;

const curve = { name: "ECDSA", namedCurve: "P-256" } as const;
const signing = { ...curve, hash: "SHA-256" } as const;
x509.cryptoProvider.set(webcrypto);

interface KeyPair {
  pair: webcrypto.CryptoKeyPair;
  pem: string;
}

const importPair = async (key: KeyObject): Promise<webcrypto.CryptoKeyPair> => {
  const { subtle } = webcrypto;
  const secret = key.export({ type: "pkcs8", format: "der" });
  const open = createPublicKey(key).export({ type: "spki", format: "der" });
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey("pkcs8", secret, curve, true, ["sign"]),
    subtle.importKey("spki", open, curve, true, ["verify"]),
  ]);
  return { privateKey, publicKey };
};

async function newKeyPair(): Promise<KeyPair> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { pair: await importPair(privateKey), pem: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

/** Serial numbers are positive and have 127 random bits. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f || 1;
  return bytes.toString("hex");
}

async function makeRoot(machine: string, names: readonly string[], now: number) {
  const { pair, pem } = await newKeyPair();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ CN: [`Status board of ${machine}`] }],
    notBefore: new Date(now - backdatedMs),
    notAfter: new Date(now + rootValidMs),
    signingAlgorithm: signing,
    keys: pair,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(pair.publicKey),
      new x509.Extension("2.5.29.30", true, nameConstraints(names)),
    ],
  });
  return { cert: `${root.toString("pem").trim()}\n`, key: pem };
}

async function issue(root: Certificate, hosts: readonly string[], now: number): Promise<Certificate> {
  const issuer = new x509.X509Certificate(root.cert);
  const signer = await importPair(createPrivateKey(root.key));
  const { pair, pem } = await newKeyPair();
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: "CN=Status board",
    issuer: issuer.subject,
    notBefore: new Date(now - backdatedMs),
    notAfter: new Date(Math.min(now + ownValidMs, issuer.notAfter.getTime())),
    signingAlgorithm: signing,
    publicKey: pair.publicKey,
    signingKey: signer.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      new x509.SubjectAlternativeNameExtension(
        hosts.map((value) => ({ type: isIP(value) ? ("ip" as const) : ("dns" as const), value })),
      ),
    ],
  });
  return { cert: `${cert.toString("pem").trim()}\n${root.cert}`, key: pem };
}

const isMissing = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new StartProblem(`${file} cannot be read: give it to the user that runs the board.`);
  }
}

/** Whole or not at all, and for nobody else's eyes. */
function write(file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  renameSync(draft, file);
}

function keepRoot(directory: string): { read: () => Certificate | undefined; write: (root: Certificate) => void } {
  const [certFile, keyFile] = [join(directory, "ca.crt"), join(directory, "ca.key")];
  const broken = new StartProblem(
    `${certFile} and ${keyFile} do not belong together: restore both, or remove both and let every device trust a new one.`,
  );
  return {
    read: () => {
      const [cert, key] = [readIfThere(certFile), readIfThere(keyFile)];
      if (cert === undefined && key === undefined) return undefined;
      if (cert === undefined || key === undefined) throw broken;
      try {
        if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return { cert, key };
      } catch {
        // Said below.
      }
      throw broken;
    },
    write: ({ cert, key }) => {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      write(keyFile, key);
      write(certFile, cert);
    },
  };
}

/**
 * A certificate authority of this machine's own, made once in `directory`. Its root is good for names of a local network
 * and for `hosts`, and for nothing else: whoever steals it can pretend to be no site of the world. The certificate of the
 * server is not kept: each start makes one, and so does each change of the machine's names and the time for a new one.
 */
export async function openOwnAuthority(
  directory: string,
  { machine, hosts, clock }: { machine: string; hosts: readonly string[]; clock: () => Date },
): Promise<CertificateSource & { root: Uint8Array }> {
  const kept = keepRoot(directory);
  let root = kept.read();
  if (root === undefined) {
    root = await makeRoot(machine, hosts, clock().getTime());
    kept.write(root);
  }
  const authority = root;
  const parsed = new X509Certificate(authority.cert);
  if (parsed.validToDate.getTime() <= clock().getTime())
    throw new StartProblem(
      `The certificate authority in ${directory} has expired: remove that folder, and let every device trust a new one.`,
    );
  let last: { names: string; until: number; certificate: Certificate } | undefined;
  return {
    root: parsed.raw,
    current: async (given) => {
      const now = clock().getTime();
      const all = [...loopbackNames, ...given].map((host) => host.replace(/^\[|\]$/g, ""));
      const names = [...new Set(all)].filter((name) => isNameWithin(name, parsed.raw));
      if (last?.names === names.join() && last.until - now > renewBeforeMs) return last.certificate;
      const certificate = await issue(authority, names, now);
      const until = new X509Certificate(certificate.cert).validToDate.getTime();
      last = { names: names.join(), until, certificate };
      return certificate;
    },
  };
}
