import type { NetworkInterfaceInfo } from "node:os";
import { expect, it } from "vitest";
import { withArguments } from "./arguments.ts";
import { findOwnNames, hostsOf } from "./own-names.ts";

const at = (address: string, internal = false): NetworkInterfaceInfo => {
  const common = { address, netmask: "", mac: "", internal, cidr: null };
  return address.includes(":") ? { ...common, family: "IPv6", scopeid: 0 } : { ...common, family: "IPv4" };
};

it("[AU3] a machine goes by its addresses and names, those first that a phone reaches", () => {
  const interfaces = {
    lo: [at("127.0.0.1", true), at("::1", true)],
    docker0: [at("172.17.0.1")],
    eth0: [at("FD00::20"), at("fe80::1"), at("169.254.3.4"), at("192.168.1.20")],
  };
  const names = findOwnNames(interfaces, "Board");
  expect(names).toEqual({
    addresses: ["192.168.1.20", "169.254.3.4", "fd00::20", "172.17.0.1"],
    names: ["board", "board.local"],
  });
  expect(hostsOf(names)).toContain("[fd00::20]");
  expect(hostsOf({ addresses: [], names: ["board"] })).toEqual([]);
});

it("[AU3] a name that is none is left out, and a whole one stays as it is", () => {
  expect(findOwnNames({}, "localhost").names).toEqual([]);
  expect(findOwnNames({}, "my pc").names).toEqual([]);
  expect(findOwnNames({}, "pc.workshop.example").names).toEqual(["pc.workshop.example"]);
  expect(findOwnNames({}, "board.local").names).toEqual(["board", "board.local"]);
});

it("[AU1] --lan stands for two settings, unless they are made; another option is refused", () => {
  expect(withArguments(["--lan"], {})).toEqual({ AUTH_MODE: "paired", HOST: "0.0.0.0" });
  expect(withArguments(["--lan"], { AUTH_MODE: "none", HOST: "::" })).toEqual({ AUTH_MODE: "none", HOST: "::" });
  expect(withArguments([], { PORT: "1" })).toEqual({ PORT: "1" });
  expect(() => withArguments(["--lna"], {})).toThrow("--lna");
});
