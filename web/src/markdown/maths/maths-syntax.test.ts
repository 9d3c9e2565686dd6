import type { Token } from "marked";
import { describe, expect, it } from "vitest";
import { type AnyToken, isKnownToken } from "../text/known-token.ts";
import { readBlocks } from "../text/lexer.ts";

const formulaOf = (token: AnyToken): readonly string[] =>
  isKnownToken(token) && token.type === "maths" ? [`${token.isDisplayed ? "display" : "inline"}: ${token.text}`] : [];

const formulasIn = (tokens: readonly Token[]): readonly string[] =>
  tokens.flatMap((token) => [...formulaOf(token), ...("tokens" in token ? formulasIn(token.tokens ?? []) : [])]);

const formulas = (text: string): readonly string[] => {
  const blocks = readBlocks(text);
  return formulasIn(blocks.finish(blocks.links));
};

describe("the syntax of formulas", () => {
  it("knows four ways to write them", () => {
    expect(formulas("$x^2$ and \\(y\\) and $$z$$ and \\[w\\]")).toEqual([
      "inline: x^2",
      "inline: y",
      "display: z",
      "display: w",
    ]);
  });

  it("takes what looks like a list, a heading or emphasis inside of them as part of them", () => {
    expect(formulas("So:\n$$\na\n= b\n- c\n$$\nend")).toEqual(["display: a\n= b\n- c"]);
    expect(formulas("\\[\n# a\n\\]")).toEqual(["display: # a"]);
    expect(formulas("$a_1*b$ and $c*d_2$")).toEqual(["inline: a_1*b", "inline: c*d_2"]);
  });

  it("leaves prices, shell variables and code alone", () => {
    for (const text of [
      "$5 and $10",
      "$5–$10",
      "US$5 to $6",
      "$HOME/bin:$PATH",
      "`$x$`",
      "```\n$$x$$\n```",
      "\\$x\\$",
      "$ x $",
    ])
      expect(formulas(text)).toEqual([]);
  });

  it("ends at an empty line", () => {
    expect(formulas("$$\na\n\nb\n$$")).toEqual([]);
    expect(formulas("$a\n\nb$ \\(c\n\nd\\)")).toEqual([]);
  });
});
