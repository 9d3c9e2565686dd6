import { describe, expect, test } from "vitest";
import { NatterError } from "../../foundation/errors.ts";
import { createWalls, loopbackNames } from "./walls.ts";

const loopback = createWalls({
  loopback: { names: [...loopbackNames, "box.example", "tunnel.example:443"], port: () => 3210 },
  hasAmbientIdentity: false,
});
const ambient = createWalls({ loopback: null, hasAmbientIdentity: true, trustsSiblings: true });
const own = createWalls({ loopback: null, hasAmbientIdentity: true });
const none = createWalls({ loopback: null, hasAmbientIdentity: false });

const verdict = (walls: typeof loopback, method: string, headers: Record<string, string>): string => {
  try {
    walls(method, new Headers(headers));
    return "passes";
  } catch (thrown) {
    if (thrown instanceof NatterError) return thrown.code;
    throw thrown;
  }
};

describe("loopback mode", () => {
  test.each([
    "localhost:3210",
    "127.0.0.1:3210",
    "[::1]:3210",
    "LocalHost:3210",
    "box.example:3210",
    "tunnel.example:443",
  ])("answers to %s", (host) => {
    expect(verdict(loopback, "GET", { host })).toBe("passes");
  });

  test.each([
    "evil.example",
    "evil.example:3210",
    "localhost",
    "localhost:3211",
    "127.0.0.1",
    "127.0.0.1:80",
    "127.1:3210",
    "2130706433:3210",
    "0x7f.0.0.1:3210",
    "0177.0.0.1:3210",
    "[::ffff:127.0.0.1]:3210",
    "[0:0:0:0:0:0:0:1]:3210",
    "::1:3210",
    "localhost.:3210",
    "localhost:3210.evil.example",
    "evil.example@localhost:3210",
    "127.0.0.1.nip.io:3210",
    "box.example:443",
    "tunnel.example:3210",
    "0.0.0.0:3210",
  ])("S48 does not answer to %s", (host) => {
    expect(verdict(loopback, "GET", { host })).toBe("misdirected");
    expect(verdict(loopback, "POST", { host, origin: "http://localhost:3210" })).toBe("misdirected");
  });

  test("S48 does not answer without a host", () => {
    expect(verdict(loopback, "GET", {})).toBe("misdirected");
  });

  const host = "localhost:3210";

  test.each(["POST", "PATCH", "DELETE", "PUT", "OPTIONS"])("S45, S49 lets no foreign page %s", (method) => {
    for (const origin of [
      "https://evil.example",
      "null",
      "http://localhost:5173",
      "https://localhost",
      "http://localhost:3210.evil.example",
      "file://",
      "x",
    ]) {
      expect([origin, verdict(loopback, method, { host, origin })]).toEqual([origin, "forbidden"]);
    }
    expect(verdict(loopback, method, { host, "sec-fetch-site": "cross-site" })).toBe("forbidden");
    expect(verdict(loopback, method, { host, origin: "http://localhost:3210", "sec-fetch-site": "cross-site" })).toBe(
      "forbidden",
    );
  });

  test("lets its own pages and programs without an origin do what they like", () => {
    for (const origin of ["http://localhost:3210", "http://127.0.0.1:3210", "http://[::1]:3210"])
      expect(verdict(loopback, "POST", { host, origin })).toBe("passes");
    expect(verdict(loopback, "POST", { host, "sec-fetch-site": "same-origin" })).toBe("passes");
    expect(verdict(loopback, "POST", { host })).toBe("passes");
    expect(verdict(loopback, "GET", { host, "sec-fetch-site": "cross-site" })).toBe("passes");
  });

  test("the port is the one that the request came to, where a socket tells it", () => {
    expect(() => loopback("GET", new Headers({ host: "localhost:3000" }), 3000)).not.toThrow();
    expect(() => loopback("GET", new Headers({ host: "localhost:3210" }), 3000)).toThrow("host name");
  });

  test("on port 80 a name stands without its port", () => {
    const walls = createWalls({ loopback: { names: loopbackNames, port: () => 80 }, hasAmbientIdentity: false });
    expect(verdict(walls, "GET", { host: "localhost" })).toBe("passes");
    expect(verdict(walls, "POST", { host: "localhost", origin: "http://localhost" })).toBe("passes");
  });
});

describe("a host application's identity", () => {
  const host = "app.example";

  test("S45 lets no foreign page use the browser's cookie", () => {
    expect(verdict(ambient, "POST", { host, "sec-fetch-site": "cross-site" })).toBe("forbidden");
    expect(verdict(ambient, "DELETE", { host, origin: "https://evil.example" })).toBe("forbidden");
    expect(verdict(ambient, "POST", { host, origin: "null" })).toBe("forbidden");
  });

  test("lets its own pages through, and whoever brings a token", () => {
    expect(verdict(ambient, "POST", { host, "sec-fetch-site": "same-origin", origin: "https://app.example" })).toBe(
      "passes",
    );
    expect(verdict(ambient, "POST", { host, "sec-fetch-site": "same-site", origin: "https://www.app.example" })).toBe(
      "passes",
    );
    expect(verdict(ambient, "POST", { host, origin: "https://app.example" })).toBe("passes");
    expect(verdict(ambient, "POST", { host, "sec-fetch-site": "cross-site", authorization: "Bearer x" })).toBe(
      "passes",
    );
    expect(verdict(ambient, "GET", { host, "sec-fetch-site": "cross-site" })).toBe("passes");
  });
});

test("S45 built-in accounts trust no sibling of their domain: its pages may be anybody's", () => {
  const host = "chat.example";
  for (const origin of ["https://pages.chat.example", "http://chat.example:9999", "null", "https://example"])
    for (const site of [{ "sec-fetch-site": "same-site" }, {}])
      expect([origin, verdict(own, "POST", { host, origin, ...site })]).toEqual([origin, "forbidden"]);
  for (const passing of [
    { "sec-fetch-site": "same-origin", origin: "https://chat.example" },
    { "sec-fetch-site": "none" },
    { origin: "https://chat.example" },
    { "sec-fetch-site": "same-site", origin: "https://pages.chat.example", authorization: "Bearer x" },
  ])
    expect(verdict(own, "POST", { host, ...passing })).toBe("passes");
});

test("with tokens only there is nothing that a browser sends by itself", () => {
  expect(
    verdict(none, "POST", { host: "any.example", "sec-fetch-site": "cross-site", origin: "https://evil.example" }),
  ).toBe("passes");
});
