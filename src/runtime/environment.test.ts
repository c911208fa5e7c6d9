import { describe, expect, it } from "vitest";
import { readLambdaEnvironment, readLocalEnvironment, StartProblem } from "./environment.ts";

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

describe("a function's variables", () => {
  const good = {
    STAGE: "dev",
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
    for (const name of ["STAGE", "BOARD_TABLE", "LIVE_TABLE", "AUTH_MODE", "SHOP_ID"])
      expect(() => readLambdaEnvironment({ ...good, [name]: undefined })).toThrow(new RegExp(`${name}=`));
  });

  it("[AU3] hosts and origins are lists", () => {
    const lists = { ALLOWED_HOSTS: "Board.test, other.test,,", ALLOWED_ORIGINS: "https://Board.test" };
    expect(readLambdaEnvironment({ ...good, ...lists })).toMatchObject({
      ALLOWED_HOSTS: ["board.test", "other.test"],
      ALLOWED_ORIGINS: ["https://board.test"],
    });
  });
});
