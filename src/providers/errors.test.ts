import { describe, expect, test } from "vitest";
import { errorFromConnection, errorFromProvider, readRetryAfter } from "./errors.ts";

describe("Retry-After", () => {
  test("is read as seconds, as a date and in milliseconds, and never negative", () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    const read = (headers: Record<string, string>) => readRetryAfter(headers, now);
    expect(read({ "retry-after": "12" })).toBe(12);
    expect(read({ "retry-after": "Thu, 01 Jan 2026 00:01:00 GMT" })).toBe(60);
    expect(read({ "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT" })).toBe(0);
    expect(read({ "retry-after-ms": "1500", "retry-after": "9" })).toBe(2);
    expect(read({ "retry-after": "soon" })).toBe(undefined);
    expect(read({})).toBe(undefined);
  });
});

describe("D6 a provider's error", () => {
  test.each([
    [{ error: { code: "429", message: "x" } }, "provider_busy"],
    [{ error: { status: "RESOURCE_EXHAUSTED", code: 429 } }, "provider_busy"],
    [[{ error: { code: 503, status: "UNAVAILABLE" } }], "provider_busy"],
    [{ type: "overloaded_error", message: "Overloaded" }, "provider_busy"],
    [{ type: "authentication_error" }, "provider_misconfigured"],
    [{ code: "context_length_exceeded", type: "invalid_request_error" }, "provider_refused"],
    [{ type: "invalid_request_error" }, "provider_refused"],
    [{ type: "timeout_error" }, "provider_timeout"],
    [
      { type: "invalid_request_error", message: "Your credit balance is too low to access …" },
      "provider_misconfigured",
    ],
    [{ error: { code: 400, status: "INVALID_ARGUMENT", message: "API key not valid." } }, "provider_misconfigured"],
    [
      { error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "You exceeded your current quota" } },
      "provider_busy",
    ],
    ["just a text", "provider_failed"],
    [null, "provider_failed"],
    [{ error: "text" }, "provider_failed"],
  ])("%j in a stream is %s", (said, code) => {
    const error = errorFromProvider({ said });
    expect(error.code).toBe(code);
    expect(error.cause).toBeInstanceOf(Error);
  });

  test("that says more than its status is believed: no credit is no reason to try again", () => {
    const said = JSON.stringify({ error: { type: "insufficient_quota" } });
    expect(errorFromProvider({ status: 429, said }).code).toBe("provider_misconfigured");
    expect(errorFromProvider({ status: 400, said: '{"error":{"code":"context_length_exceeded"}}' }).message).toContain(
      "too long",
    );
  });

  test("that tells only by its text that a conversation is too long, says so", () => {
    const said = { type: "invalid_request_error", message: "prompt is too long: 210000 tokens > 200000 maximum" };
    expect(errorFromProvider({ status: 400, said: JSON.stringify({ type: "error", error: said }) }).message).toContain(
      "too long",
    );
  });

  test("of the connection is a timeout or an unreachable provider, also when the cause says so", () => {
    const fetchFailed = new TypeError("fetch failed", {
      cause: Object.assign(new Error("x"), { code: "UND_ERR_CONNECT_TIMEOUT" }),
    });
    expect(errorFromConnection(fetchFailed).code).toBe("provider_timeout");
    for (const code of ["ECONNREFUSED", "ENOTFOUND", "ECONNRESET", "DEPTH_ZERO_SELF_SIGNED_CERT"]) {
      expect(errorFromConnection(Object.assign(new Error("10.0.0.1:8000"), { code }))).toMatchObject({
        code: "provider_unreachable",
        message: expect.not.stringContaining("10.0.0.1"),
      });
    }
  });
});
