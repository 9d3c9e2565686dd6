import { expect, test } from "vitest";
import { redact, serializeError } from "./serialize-error.ts";

test.each([
  ["connect postgres://natter:hunter2@db:5432/natter failed", "hunter2"],
  ["redis://:hunter2@cache", "hunter2"],
  ["authorization: Bearer abc.DEF-123_456", "abc.DEF"],
  ["Incorrect API key provided: sk-proj-abcdefghijklmnop", "abcdefghijklmnop"],
  ["https://api.test/v1?key=hunter2&x=1", "hunter2"],
  ["token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "eyJzdWIi"],
  ["AIzaSyA-1234567890abcdefghij", "1234567890"],
])("S46 redacts %s", (text, secret) => {
  expect(redact(text)).not.toContain(secret);
  expect(redact(text)).toContain("[redacted]");
});

test("leaves ordinary text alone", () => {
  const text = "the key-value pairs of task-1 at http://a.test/x?q=1: 12:30@home";
  expect(redact(text)).toBe(text);
});

test("S46 an error is told with its causes, without its secrets, and not without end", () => {
  const cause = new Error("postgres://u:hunter2@db");
  const error = Object.assign(new Error("outer", { cause }), { code: "internal" });
  const told = serializeError(error);
  expect(told).toMatchObject({
    name: "Error",
    code: "internal",
    message: "outer",
    cause: { message: "postgres://[redacted]@db" },
  });
  expect(JSON.stringify(told)).not.toContain("hunter2");
  const endless = new Error("x".repeat(1_000_000));
  endless.cause = endless;
  expect(JSON.stringify(serializeError(endless)).length).toBeLessThan(150_000);
  expect(serializeError("sk-abcdefghijklmnop")).toBe("[redacted]");
});

test("S40 takes a line of any size in linear time", () => {
  const began = performance.now();
  for (const piece of ["x", "a:", "a://", "eyJ", "sk-", "Bearer ", "?key=", "a://b:"])
    redact(piece.repeat(200_000 / piece.length));
  expect(performance.now() - began).toBeLessThan(2_000);
});
