import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAllowList } from "./allow-list.ts";
import { isPublicAddress } from "./public-address.ts";

describe("S25 an address", () => {
  it.each([
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:4700::1111%lo",
    "localhost",
    "",
    "8.8.8",
  ])("%s is no public host", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.32.0.1", "172.15.0.1", "223.255.255.255"])(
    "%s is a public host",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each(["2606:4700:4700::1111", "2a00:1450:4001:800::200e", "2001:4860:4860::8888"])(
    "%s is a public host",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it("is the same in any form that its URL can be written in", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom(10, 8, 16), (address, base) => {
        const prefix = base === 16 ? "0x" : base === 8 ? "0" : "";
        const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
        const written = `${prefix}${number.toString(base)}`;
        expect(new URL(`http://${written}/`).hostname).toBe(address);
      }),
    );
  });
});

describe("S25 what an operator allows", () => {
  it("is a host with any port, or with one", () => {
    const allow = createAllowList(["mcp.internal", "127.0.0.1:4000", "[::1]:80", "::1", "Tasks:8000"]);
    expect(allow.hasHost("mcp.internal", 1)).toBe(true);
    expect(allow.hasHost("127.0.0.1", 4_000)).toBe(true);
    expect(allow.hasHost("127.0.0.1", 4_001)).toBe(false);
    expect(allow.hasHost("[::1]", 9)).toBe(true);
    expect(allow.hasHost("tasks", 8_000)).toBe(true);
    expect(allow.hasHost("other.internal", 1)).toBe(false);
    expect(createAllowList(["[::1]:80"]).hasHost("[::1]", 80)).toBe(true);
    expect(createAllowList(["[::1]:80"]).hasHost("[::1]", 81)).toBe(false);
  });

  it("is a network", () => {
    const allow = createAllowList(["10.0.0.0/8", "fd00::/8"]);
    expect(allow.hasAddress("10.255.0.1")).toBe(true);
    expect(allow.hasAddress("11.0.0.1")).toBe(false);
    expect(allow.hasAddress("fd12::1")).toBe(true);
    expect(allow.hasAddress("fe80::1")).toBe(false);
    expect(allow.hasAddress("no address")).toBe(false);
  });

  it.each(["http://x", "a/b", "10.0.0.0/33", "x@y", "", "a b", "x?y", "x:99999"])("is never %j", (entry) => {
    expect(() => createAllowList([entry])).toThrow("is no host, host:port or network");
  });
});
