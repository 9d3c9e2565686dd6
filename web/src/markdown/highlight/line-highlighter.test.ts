import { describe, expect, it } from "vitest";
import { findLanguage } from "./code-languages.ts";
import { tokenKinds } from "./highlight-protocol.ts";
import { createLineHighlighter } from "./line-highlighter.ts";

const code = ["/* a", "comment */ const x = `one", "${two}` + 1;", "", "function f(a) { return a; } // end"];

const kindsOf = (pairs: readonly number[]): readonly (string | undefined)[] =>
  pairs.filter((_, index) => index % 2 === 1).map((kind) => tokenKinds[kind]);

describe("createLineHighlighter", () => {
  it("colours lines that come one by one as it colours them all at once", async () => {
    const highlight = createLineHighlighter();
    const whole = await highlight({ id: 1, language: "js", from: 0, lines: code });
    const single = [];
    for (const [from, line] of code.entries()) {
      const reply = await highlight({ id: 2, language: "js", from, lines: [line] });
      single.push(...(reply.lines ?? []));
    }
    expect(single).toEqual(whole.lines);
    expect(kindsOf(single[0] ?? [])).toEqual(["token-comment"]);
    expect(kindsOf(single[1] ?? [])).toContain("token-keyword");
  });

  it("colours a line that grows again, from the state before it", async () => {
    const highlight = createLineHighlighter();
    await highlight({ id: 1, language: "ts", from: 0, lines: ["/* open", "still"] });
    const closed = await highlight({ id: 1, language: "ts", from: 1, lines: ["still */ let y"] });
    expect(kindsOf(closed.lines?.[0] ?? [])).toEqual(["token-comment", "foreground", "token-keyword", "foreground"]);
  });

  it("says when it does not know the lines before, instead of guessing", async () => {
    const highlight = createLineHighlighter();
    expect(await highlight({ id: 9, language: "js", from: 3, lines: ["x"] })).toEqual({ id: 9, from: 3, lines: null });
  });

  it("leaves what it has no grammar for, and endless lines, without colours", async () => {
    const highlight = createLineHighlighter();
    const line = `const a = ${"1 + ".repeat(1_000)}1;`;
    expect((await highlight({ id: 1, language: "nosuch", from: 0, lines: ["const", ""] })).lines).toEqual([[5, 0], []]);
    expect((await highlight({ id: 2, language: "js", from: 0, lines: [line] })).lines).toEqual([[line.length, 0]]);
  });

  it("colours the headings, lists, quotes and emphasis of Markdown", async () => {
    const highlight = createLineHighlighter();
    const lines = ["# Tea", "- one **pot**", "> last", "Words."];
    const coloured = (await highlight({ id: 1, language: "markdown", from: 0, lines })).lines ?? [];
    expect(coloured.map(kindsOf)).toEqual([
      ["token-keyword"],
      ["token-constant", "foreground", "token-function"],
      ["token-constant", "foreground"],
      ["foreground"],
    ]);
  });

  it("S38: names of Object.prototype are no languages", () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"])
      expect(findLanguage(name)).toBe(null);
  });
});
