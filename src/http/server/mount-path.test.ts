import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { strippedPrefix, withoutPrefix } from "./mount-path.ts";

const incoming = (url: string, originalUrl?: unknown): IncomingMessage =>
  Object.assign(new IncomingMessage(new Socket()), { url }, originalUrl === undefined ? {} : { originalUrl });

test("what a router took off is the prefix, with a query or without", () => {
  expect(strippedPrefix(incoming("/v1/chat?a=/x", "/natter/v1/chat?a=/x"))).toBe("/natter");
  expect(strippedPrefix(incoming("/", "/a/b/"))).toBe("/a/b");
  expect(strippedPrefix(incoming("/", "/a/b"))).toBe("/a/b");
  expect(strippedPrefix(incoming("/?x=/y", "/a/b?x=/y"))).toBe("/a/b");
  expect(strippedPrefix(incoming("/c", "/a/bc"))).toBeNull();
  expect(strippedPrefix(incoming("/v1/me"))).toBeNull();
  expect(strippedPrefix(incoming("/v1/me", "/v1/me"))).toBeNull();
  expect(strippedPrefix(undefined)).toBeNull();
});

test("a prefix that would lead to another host is none", () => {
  for (const prefix of ["//evil.example", "/\\evil.example", "/a/..//evil", "https://evil.example", "/a b", "/%2f"]) {
    expect([prefix, strippedPrefix(incoming("/login", `${prefix}/login`))]).toEqual([prefix, null]);
  }
  expect(strippedPrefix(incoming("/login", ["/a/login"]))).toBeNull();
});

test("a prefix that is still there is left out of the path, once and at its border", () => {
  expect(withoutPrefix("/natter/v1/me", "/natter")).toBe("/v1/me");
  expect(withoutPrefix("/natter", "/natter")).toBe("/");
  expect(withoutPrefix("/natterer/v1/me", "/natter")).toBe("/natterer/v1/me");
  expect(withoutPrefix("/v1/me", "/natter")).toBe("/v1/me");
  expect(withoutPrefix("/v1/me", "")).toBe("/v1/me");
});
