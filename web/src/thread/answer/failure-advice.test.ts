import { expect, it } from "vitest";
import { statusOfCode } from "../../../../src/foundation/errors.ts";
import { adviseOn } from "./failure-advice.ts";

it("has a sentence and one thing to do for every way in which a provider fails (C9)", () => {
  const codes = Object.keys(statusOfCode).filter((code) => code.startsWith("provider_"));
  expect(codes.length).toBeGreaterThan(4);
  for (const code of codes) {
    const { sentence, action } = adviseOn({ code, message: "internal words" });
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(sentence).not.toContain("internal words");
    expect(["try-again", "other-model", "ask-admin"]).toContain(action);
  }
});

it("says what the server says of a failure that it does not know, if that is a sentence (C9)", () => {
  expect(adviseOn({ code: "quota", message: "Your budget is used up." }).sentence).toBe("Your budget is used up.");
  expect(adviseOn({ code: "constructor", message: "x" }).sentence).toMatch(/^Something went wrong/);
});
