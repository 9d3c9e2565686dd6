import { expect, test } from "vitest";
import { createCallerAddress, networkOf } from "./caller-address.ts";

const behindProxies = createCallerAddress(["10.0.0.0/8", "fd00::/8", "192.0.2.7"]);

test("S43: what a client writes into X-Forwarded-For counts for nothing where no proxy is trusted", () => {
  const caller = createCallerAddress([]);
  expect(caller("203.0.113.9", "1.2.3.4")).toBe("203.0.113.9");
  expect(caller("203.0.113.9", "1.2.3.4, 10.0.0.1")).toBe("203.0.113.9");
});

test.each([
  ["10.1.2.3", "198.51.100.1", "198.51.100.1"],
  ["10.1.2.3", "6.6.6.6, 198.51.100.1", "198.51.100.1"],
  ["10.1.2.3", "6.6.6.6, 198.51.100.1, 10.9.9.9, 192.0.2.7", "198.51.100.1"],
  ["10.1.2.3", "10.9.9.9", "10.9.9.9"],
  ["10.1.2.3", null, "10.1.2.3"],
  ["10.1.2.3", "", "10.1.2.3"],
  ["10.1.2.3", "198.51.100.1, nonsense", "10.1.2.3"],
  ["10.1.2.3", "198.51.100.1:4711", "198.51.100.1"],
  ["::ffff:10.1.2.3", "[2001:db8::1]:443", "2001:db8::1"],
  ["fd00::1", "2001:DB8:0:0::1", "2001:db8::1"],
  ["fd00::1%eth0", "::ffff:c633:6401", "198.51.100.1"],
  ["203.0.113.9", "198.51.100.1", "203.0.113.9"],
  [undefined, "198.51.100.1", null],
])("S43: from %s with %s it is %s who calls", (remote, forwardedFor, caller) => {
  expect(behindProxies(remote, forwardedFor)).toBe(caller);
});

test("S43: every spelling of an IPv6 address, and every address of its /64, is one caller", () => {
  const spellings = [
    "2001:db8:0:1::1",
    "2001:DB8:0:1:0:0:0:1",
    "2001:0db8:0000:0001::ffff",
    "2001:db8:0:1:dead:beef::",
  ];
  const caller = createCallerAddress([]);
  expect(new Set(spellings.map((address) => networkOf(caller(address, null) ?? "")))).toEqual(
    new Set(["2001:db8:0:1::/64"]),
  );
  expect(networkOf("2001:db8:0:2::1")).not.toBe("2001:db8:0:1::/64");
  expect(networkOf("::1")).toBe("0:0:0:0::/64");
  expect(networkOf("198.51.100.1")).toBe("198.51.100.1");
});
