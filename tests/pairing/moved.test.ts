import type { X509Certificate } from "node:crypto";
import { get } from "node:http";
import { connect } from "node:tls";
import { pairingSchema } from "@status-board/contracts";
import { expect, it } from "vitest";
import { dataOf, startPaired } from "./board.ts";

/** A board whose router gives it other addresses; those of loopback reach it whatever it says of itself. */
async function startMoving(variables: Record<string, string> = {}) {
  let addresses = ["127.0.0.2"];
  const told: (readonly string[])[] = [];
  const board = await startPaired(variables, {
    findNames: () => ({ addresses, names: ["board", "board.local"] }),
    ownNamesIntervalMs: 20,
    onMoved: ({ networkUrls }) => void told.push(networkUrls()),
  });
  const { port } = new URL(board.url);
  return {
    ...board,
    port: Number(port),
    told,
    at: (host: string) => `${new URL(board.network).protocol}//${host}:${port}`,
    move: async (...next: string[]) => {
      addresses = next;
      const before = told.length;
      await expect.poll(() => told.length).toBeGreaterThan(before);
    },
  };
}

/** What `GET path` at the address answers whoever names this host. */
const statusAt = (address: string, port: number, host: string, path = "/auth/ways-in") =>
  new Promise<number>((resolve, reject) => {
    get({ hostname: address, port, path, headers: { host }, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    }).on("error", reject);
  });

const certificateAt = (host: string, port: number) =>
  new Promise<X509Certificate>((resolve, reject) => {
    const socket = connect({ host, port, rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate === undefined) reject(new Error("no certificate"));
      else resolve(certificate);
    });
    socket.on("error", reject);
  });

it("[AU3] when the router gives the PC another address, its names, its codes and its origins follow", async () => {
  const { url, port, told, at, move, send, newCode } = await startMoving();
  const codeUrl = async () => {
    const answer = await send(url, "POST", "/api/admin/devices/pairings", { name: "Phone", role: "technician" });
    return dataOf(pairingSchema, await answer.json()).url;
  };
  expect(await codeUrl()).toBe(`${at("127.0.0.2")}/pair`);
  expect(await statusAt("127.0.0.3", port, `127.0.0.3:${port}`)).toBe(403);
  await move("127.0.0.3");
  expect(told).toEqual([[at("127.0.0.3"), at("board"), at("board.local")]]);
  expect(await codeUrl()).toBe(`${at("127.0.0.3")}/pair`);
  expect(await statusAt("127.0.0.3", port, `127.0.0.3:${port}`)).toBe(200);
  expect(await statusAt("127.0.0.3", port, `board.local:${port}`)).toBe(200);
  expect(await statusAt("127.0.0.3", port, `127.0.0.2:${port}`)).toBe(403);
  // A page of the old address is somebody else's now.
  const body = { code: await newCode() };
  expect((await send(at("127.0.0.3"), "POST", "/auth/pair", body, { origin: at("127.0.0.2") })).status).toBe(403);
  const paired = await send(at("127.0.0.3"), "POST", "/auth/pair", body, { origin: at("127.0.0.3") });
  expect(paired.status).toBe(200);
});

it("[AU3] where a proxy stands before the board, that is where devices are sent, whatever the PC's address", async () => {
  const { url, network, told, send } = await startMoving({ PUBLIC_URL: "https://board.example.com" });
  expect(network).toBe("https://board.example.com");
  const answer = await send(url, "POST", "/api/admin/devices/pairings", { name: "Phone", role: "technician" });
  expect(dataOf(pairingSchema, await answer.json()).url).toBe("https://board.example.com/pair");
  expect(told).toEqual([]);
});

it("[AU3] a PC that loses its network answers its owner alone, and others again when it is back", async () => {
  const { url, port, told, at, move, send } = await startMoving();
  await move();
  expect(told).toEqual([[]]);
  expect(await statusAt("127.0.0.2", port, `127.0.0.2:${port}`)).toBe(403);
  expect((await send(url, "GET", "/auth/me")).status).toBe(200);
  await move("127.0.0.2");
  expect(told.at(-1)?.[0]).toBe(at("127.0.0.2"));
  expect(await statusAt("127.0.0.2", port, `127.0.0.2:${port}`)).toBe(200);
});

it("[AU3] another address behind the one that is printed is answered to, and not told", async () => {
  const { port, told, at, move } = await startMoving();
  await move("127.0.0.3", "127.0.0.4");
  await move("127.0.0.5", "127.0.0.4");
  expect(told.map(([first]) => first)).toEqual([at("127.0.0.3"), at("127.0.0.5")]);
  expect(await statusAt("127.0.0.4", port, `127.0.0.4:${port}`)).toBe(200);
});

it("[AU1] the certificate of the board's own names the new address, by the same authority", async () => {
  const { port, move } = await startMoving({ TLS: "own" });
  const before = await certificateAt("127.0.0.2", port);
  expect(before.checkIP("127.0.0.2")).toBe("127.0.0.2");
  expect(before.checkIP("127.0.0.3")).toBeUndefined();
  await move("127.0.0.3");
  await expect.poll(async () => (await certificateAt("127.0.0.3", port)).checkIP("127.0.0.3")).toBe("127.0.0.3");
  const after = await certificateAt("127.0.0.3", port);
  expect(after.checkIP("127.0.0.2")).toBeUndefined();
  expect(after.issuer).toBe(before.issuer);
  expect(after.issuerCertificate?.fingerprint256).toBe(before.issuerCertificate?.fingerprint256);
});
