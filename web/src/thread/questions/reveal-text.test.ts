import { describe, expect, it } from "vitest";
import { revealText } from "./reveal-text.ts";

describe("a text that somebody decides by (N5, S24)", () => {
  it("is shown as it is, with line breaks, tabs, other scripts and emoji", () => {
    for (const text of ["rm -rf /tmp/x\n\tdone", "שלום مرحبا", "family 👩‍👩‍👧, heart ❤️‍🔥", ""])
      expect(revealText(text)).toEqual(text === "" ? [] : [{ text }]);
  });

  it("tells characters that turn it around, or that nobody would see", () => {
    expect(revealText("pay \u202e001$ now")).toEqual([{ text: "pay " }, { hidden: "U+202E" }, { text: "001$ now" }]);
    expect(revealText("a\u200bb")).toEqual([{ text: "a" }, { hidden: "U+200B" }, { text: "b" }]);
    expect(revealText("a\u200db")).toEqual([{ text: "a" }, { hidden: "U+200D" }, { text: "b" }]);
    expect(revealText("\r\u{e0041}\u2066\ufeff\u3164")).toEqual(
      ["U+000D", "U+E0041", "U+2066", "U+FEFF", "U+3164"].map((hidden) => ({ hidden })),
    );
  });

  it("loses nothing", () => {
    const text = "x\u202ey\u200d👍🏽\u2028z\t";
    const back = revealText(text).map((piece) =>
      "text" in piece ? piece.text : String.fromCodePoint(Number.parseInt(piece.hidden.slice(2), 16)),
    );
    expect(back.join("")).toBe(text);
  });
});
