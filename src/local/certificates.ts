import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { StartProblem } from "../runtime/environment.ts";

/** A certificate with its chain, and its key, as PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

/** Where a server has its certificate from. */
export interface CertificateSource {
  /** The one to use now, made or read anew; throws a StartProblem that says in one line what is wrong with it. */
  current: (hosts: readonly string[]) => Promise<Certificate>;
  /** The root that devices have to trust, as DER; absent where they trust it already. */
  root?: Uint8Array;
}

function read(name: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new StartProblem(`${name} ${file} ${isMissing ? "is not there" : "cannot be read"}.`);
  }
}

function parse<Parsed>(words: string, make: () => Parsed): Parsed {
  try {
    return make();
  } catch {
    throw new StartProblem(words);
  }
}

/** A certificate that somebody else makes and renews: the files are read anew now and then. */
export const certificateFiles = (certFile: string, keyFile: string, clock: () => Date): CertificateSource => ({
  current: async () => {
    const [cert, key] = [read("TLS_CERT", certFile), read("TLS_KEY", keyFile)];
    const parsed = parse(`TLS_CERT ${certFile} is no certificate in PEM.`, () => new X509Certificate(cert));
    const secret: KeyObject = parse(`TLS_KEY ${keyFile} is no private key in PEM without a password.`, () =>
      createPrivateKey(key),
    );
    if (!parsed.checkPrivateKey(secret))
      throw new StartProblem(`TLS_KEY ${keyFile} is not the key of the certificate in ${certFile}.`);
    const now = clock().getTime();
    if (parsed.validToDate.getTime() <= now)
      throw new StartProblem(`TLS_CERT ${certFile} has expired on ${parsed.validToDate.toISOString()}: renew it.`);
    if (parsed.validFromDate.getTime() > now)
      throw new StartProblem(
        `TLS_CERT ${certFile} is valid from ${parsed.validFromDate.toISOString()} on only: set this machine's clock.`,
      );
    return { cert, key };
  },
});
