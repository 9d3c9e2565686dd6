import { describe, expect, it } from "vitest";
import type { Question } from "./ask-once.ts";
import { redirected } from "./redirected.ts";

const question: Question = {
  method: "PUT",
  headers: new Headers({ authorization: "Bearer secret", "content-type": "text/plain" }),
  body: Buffer.from("x"),
  signal: new AbortController().signal,
};

describe("S26 a redirect", () => {
  it("from https to http is refused", () => {
    expect(() => redirected(new URL("https://a.example/"), "http://a.example/", question, 302)).toThrow(
      "https to http",
    );
  });

  it("from http to https is another origin: no credentials go along", () => {
    const { url, question: next } = redirected(new URL("http://a.example/x"), "https://a.example/y", question, 308);
    expect(url.href).toBe("https://a.example/y");
    expect(next).toMatchObject({ method: "PUT", body: question.body });
    expect(next.headers.has("authorization")).toBe(false);
  });

  it("within its origin keeps them, and only 303 takes the body of a PUT", () => {
    const from = new URL("https://a.example/x");
    expect(redirected(from, "/y", question, 302).question.headers.get("authorization")).toBe("Bearer secret");
    expect(redirected(from, "/y", question, 302).question.method).toBe("PUT");
    expect(redirected(from, "/y", question, 303).question).toMatchObject({ method: "GET", body: null });
  });
});
