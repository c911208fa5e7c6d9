import { describe, expect, it } from "vitest";
import { readLocalEnvironment, StartProblem } from "./environment.ts";
import { needed, readLambdaEnvironment } from "./lambda-environment.ts";
import { oidcOf } from "./oidc-environment.ts";

describe("the local server's variables", () => {
  it("[AU1] have defaults that bind to loopback", () => {
    expect(readLocalEnvironment({})).toMatchObject({
      HOST: "127.0.0.1",
      PORT: 3000,
      DATA_DIR: ".data",
      DATABASE: "sqlite",
      AUTH_MODE: "none",
      LOG_LEVEL: "info",
      SEED: "on",
      ALLOWED_HOSTS: [],
      ALLOWED_ORIGINS: [],
    });
    expect(readLocalEnvironment({ PORT: "", HOST: "" })).toMatchObject({ HOST: "127.0.0.1", PORT: 3000 });
  });

  it("[AU1] numbers are told to this machine alone, unless somebody says so", () => {
    const oidc = {
      AUTH_MODE: "oidc",
      OIDC_ISSUER: "https://issuer.test",
      OIDC_CLIENT_ID: "x",
      OIDC_ROLE_MAP: '{"a":"viewer"}',
    };
    const metrics = (variables: Record<string, string>) => readLocalEnvironment(variables).METRICS;
    const PUBLIC_URL = "https://board.test";
    expect(metrics({})).toBe("on");
    expect(metrics({ HOST: "localhost", METRICS: "off" })).toBe("off");
    expect(metrics({ ...oidc, PUBLIC_URL })).toBe("off");
    expect(metrics({ ...oidc, PUBLIC_URL, HOST: "0.0.0.0" })).toBe("off");
    expect(metrics({ ...oidc, PUBLIC_URL, HOST: "0.0.0.0", METRICS: "on" })).toBe("on");
  });

  it("[AU1] a bad one is named in one line that says what it must be", () => {
    const bad = {
      PORT: ["x", "-1", "65536", "3000.5", "99999999"],
      DATABASE: ["mysql", "SQLITE"],
      DYNAMODB_ENDPOINT: ["localhost", "8000"],
      BOARD_TABLE: ["a b", "x"],
      AUTH_MODE: ["nobody"],
      SHOP_ID: ["a b", "-x", "x".repeat(41)],
      SHOP_TIME_ZONE: ["Mars/Phobos", "+02:00", "Europe/Berlin\nUTC"],
      LOG_LEVEL: ["loud"],
      SEED: ["maybe"],
      METRICS: ["maybe"],
    };
    for (const [name, values] of Object.entries(bad))
      for (const value of values) {
        const read = () => readLocalEnvironment({ [name]: value });
        expect(read, `${name}=${value}`).toThrow(StartProblem);
        expect(read).toThrow(new RegExp(`^Bad setting: ${name}=.* must .*\\.$`));
      }
  });

  it("[AU1] several bad ones are named together", () => {
    expect(() => readLocalEnvironment({ PORT: "x", SEED: "y" })).toThrow(/PORT=.*; SEED=/);
  });

  it("[AU1] AUTH_MODE none is refused on any HOST that is not loopback", () => {
    for (const HOST of ["0.0.0.0", "::", "192.168.0.7", "board.local", "127.0.0.1.evil.test", "localhost.evil.test"])
      expect(() => readLocalEnvironment({ HOST, AUTH_MODE: "none" })).toThrow(/^Bad setting: HOST=.*loopback/);
    for (const HOST of ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
      expect(readLocalEnvironment({ HOST }).HOST).toBe(HOST);
  });
});

const oidc = {
  AUTH_MODE: "oidc",
  OIDC_ISSUER: "https://issuer.test/pool",
  OIDC_CLIENT_ID: "board",
  OIDC_ROLE_MAP: '{"office":"manager","halls":"viewer"}',
};

describe("the variables of signing in", () => {
  it("[AU1] make a client of an issuer, a public one unless there is a secret", () => {
    const settings = {
      issuer: "https://issuer.test/pool",
      clientId: "board",
      claims: { roleClaim: "roles", roleMap: { office: "manager", halls: "viewer" }, shopId: "workshop" },
    };
    expect(oidcOf(readLocalEnvironment(oidc))).toEqual(settings);
    const more = { OIDC_CLIENT_SECRET: "s", OIDC_ROLE_CLAIM: "cognito:groups", OIDC_SHOP_CLAIM: "shop", SHOP_ID: "n" };
    expect(oidcOf(readLocalEnvironment({ ...oidc, ...more }))).toEqual({
      ...settings,
      clientSecret: expect.any(Function),
      claims: { ...settings.claims, roleClaim: "cognito:groups", shopClaim: "shop", shopId: "n" },
    });
    expect(oidcOf(readLocalEnvironment({ ...oidc, AUTH_MODE: "none" }))).toBeUndefined();
  });

  it("[AU1] are all named that are missing, in one line", () => {
    const read = () => readLocalEnvironment({ AUTH_MODE: "oidc", OIDC_CLIENT_SECRET: "hush" });
    expect(read).toThrow(/^Bad setting: OIDC_ISSUER=.* must be set .*; OIDC_CLIENT_ID=.*; OIDC_ROLE_MAP=.*\.$/);
    expect(read).not.toThrow(/hush/);
  });

  it("[AU1] are refused where they are wrong, and told what they must be", () => {
    const bad = {
      OIDC_ISSUER: [
        "issuer.test",
        "http://issuer.test",
        "ftp://127.0.0.1",
        "https://issuer.test?x",
        "https://i.test#x",
      ],
      OIDC_ROLE_MAP: ["office", "{}", "[]", '{"office":"boss"}', '{"office":["manager"]}', "null", '"manager"'],
      PUBLIC_URL: [
        "board.test",
        "http://board.test",
        "https://board.test/x",
        "https://u:p@board.test",
        "https://b.test?x",
      ],
    };
    for (const [name, values] of Object.entries(bad))
      for (const value of values) {
        const read = () => readLocalEnvironment({ ...oidc, [name]: value });
        expect(read, `${name}=${value}`).toThrow(StartProblem);
        expect(read).toThrow(new RegExp(`^Bad setting: ${name}=.* must .*\\.$`));
      }
    for (const PUBLIC_URL of [
      "https://board.test",
      "https://board.test/",
      "http://localhost:3000",
      "http://[::1]:3000",
    ])
      expect(readLocalEnvironment({ ...oidc, PUBLIC_URL }).PUBLIC_URL).toBe(PUBLIC_URL.replace(/\/$/, ""));
  });

  it("[AU2] need PUBLIC_URL on a HOST that others reach, and in a function", () => {
    const open = { ...oidc, HOST: "0.0.0.0" };
    expect(() => readLocalEnvironment(open)).toThrow(/^Bad setting: PUBLIC_URL=.* must be set/);
    expect(readLocalEnvironment({ ...open, PUBLIC_URL: "https://board.test" }).HOST).toBe("0.0.0.0");
    const tables = { STAGE: "dev", RELEASE: "1", BOARD_TABLE: "board", LIVE_TABLE: "live", SHOP_ID: "north" };
    expect(() => readLambdaEnvironment({ ...oidc, ...tables })).toThrow(/PUBLIC_URL=.* must be set/);
    const inFunction = readLambdaEnvironment({ ...oidc, ...tables, PUBLIC_URL: "https://board.test" });
    expect(oidcOf(inFunction)).toMatchObject({ issuer: oidc.OIDC_ISSUER, claims: { shopId: "north" } });
  });
});

describe("a function's variables", () => {
  const good = {
    STAGE: "dev",
    RELEASE: "1.2.3",
    BOARD_TABLE: "board-dev",
    LIVE_TABLE: "live-dev",
    AUTH_MODE: "none",
    ALLOW_PUBLIC_NONE: "dev",
    SHOP_ID: "north",
  };

  it("[AU1] AUTH_MODE none needs ALLOW_PUBLIC_NONE to name the stage", () => {
    expect(readLambdaEnvironment(good)).toMatchObject({ STAGE: "dev", AUTH_MODE: "none" });
    for (const ALLOW_PUBLIC_NONE of [undefined, "", "prod", "true", "DEV"])
      expect(() => readLambdaEnvironment({ ...good, ALLOW_PUBLIC_NONE })).toThrow(
        /ALLOW_PUBLIC_NONE=.*must name the stage/,
      );
  });

  it("[AU1] what is missing is named", () => {
    for (const name of ["STAGE", "RELEASE"])
      expect(() => readLambdaEnvironment({ ...good, [name]: undefined })).toThrow(new RegExp(`${name}=`));
    const environment = readLambdaEnvironment({ STAGE: "dev", RELEASE: "1.2.3" });
    expect(() => needed(environment, "BOARD_TABLE")).toThrow(/^Bad setting: BOARD_TABLE="" must be set for this/);
    expect(needed(readLambdaEnvironment(good), "BOARD_TABLE")).toBe("board-dev");
  });

  it("[AU1] what is wrong is refused, and told what it must be", () => {
    const bad = {
      STAGE: ["Dev", "a b"],
      RELEASE: ["1 2", "x".repeat(65)],
      AUTH_MODE: ["paired", "IAM"],
      LIVE_URL: ["https://live.test", "live.test"],
      CONNECTIONS_ENDPOINT: ["wss://live.test", "live.test"],
      MACHINE_ROLES: ["seeder", "[]", '{"seeder":"manager"}', '{"arn:aws:iam::123456789012:role/seeder":"boss"}'],
      COOKIE_SECRET_ARN: ["cookie-key", "arn:aws:s3:::bucket"],
      ORIGIN_SECRET_ARN: ["origin-key"],
      OIDC_CLIENT_SECRET_ARN: ["hush"],
      DISTRIBUTION_ID: ["https://d1.cloudfront.net"],
    };
    for (const [name, values] of Object.entries(bad))
      for (const value of values) {
        const read = () => readLambdaEnvironment({ ...good, [name]: value });
        expect(read, `${name}=${value}`).toThrow(new RegExp(`^Bad setting: ${name}=.* must .*\\.$`));
      }
    const MACHINE_ROLES = '{"arn:aws-us-gov:iam::123456789012:role/team/seeder":"manager"}';
    expect(readLambdaEnvironment({ ...good, MACHINE_ROLES }).MACHINE_ROLES).toEqual(JSON.parse(MACHINE_ROLES));
  });

  it("[AU3] hosts and origins are lists", () => {
    const lists = { ALLOWED_HOSTS: "Board.test, other.test,,", ALLOWED_ORIGINS: "https://Board.test" };
    expect(readLambdaEnvironment({ ...good, ...lists })).toMatchObject({
      ALLOWED_HOSTS: ["board.test", "other.test"],
      ALLOWED_ORIGINS: ["https://board.test"],
    });
  });
});
