import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isSameSecret, readLoopbackToken } from "./loopback-token.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "natter-token-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("the token is made once, with 256 bits, for its owner's eyes only", async () => {
  const data = join(folder, "new", "data");
  const token = await readLoopbackToken(data);
  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  expect(await readLoopbackToken(data)).toBe(token);
  expect((await readFile(join(data, "token"), "utf8")).trim()).toBe(token);
  expect((await stat(join(data, "token"))).mode & 0o777).toBe(0o600);
});

test("ten that start at once agree on one token", async () => {
  const tokens = await Promise.allSettled(Array.from({ length: 10 }, () => readLoopbackToken(folder)));
  const kept = await readLoopbackToken(folder);
  for (const token of tokens) expect(token).toMatchObject({ status: "fulfilled", value: kept });
});

test("a file that others may read is closed, and one without a token is refused by name", async () => {
  await readLoopbackToken(folder);
  await chmod(join(folder, "token"), 0o644);
  await readLoopbackToken(folder);
  expect((await stat(join(folder, "token"))).mode & 0o777).toBe(0o600);
  await writeFile(join(folder, "token"), "");
  await expect(readLoopbackToken(folder)).rejects.toThrow(/token holds no token; delete it/);
});

test("secrets are compared whole", () => {
  expect(isSameSecret("abc", "abc")).toBe(true);
  for (const given of ["", "ab", "abd", "abcd"]) expect(isSameSecret(given, "abc")).toBe(false);
});
