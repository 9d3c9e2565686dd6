import katex from "katex";
import { describe, expect, it } from "vitest";
import type { MathsNode } from "./maths-node.ts";
import { parseMaths } from "./parse-maths.ts";

const formulas = [
  "\\frac{a}{b} < c & d".replace("&", "\\&"),
  "\\sqrt[3]{x} + \\left( \\begin{matrix} 1 & 2 \\\\ 3 & 4 \\end{matrix} \\right)",
  "\\boxed{z} \\vec{v} \\cancel{x} \\color{red}{y} \\underbrace{a}_{b} \\tag{1}",
];

const markupOf = (node: MathsNode | string): string => {
  if (typeof node === "string") return node;
  return `<${node.name}>${node.children.map(markupOf).join("")}</${node.name}>`;
};

const namesIn = (node: MathsNode | string): readonly string[] =>
  typeof node === "string" ? [] : [node.name, ...node.children.flatMap(namesIn)];

describe("parseMaths", () => {
  it.each(formulas)("keeps every element and letter that KaTeX made of %s, but what it was made of", (tex) => {
    const made = katex.renderToString(tex, { output: "htmlAndMathml", displayMode: true });
    const bare = made
      .replace(/<annotation.*?<\/annotation>/s, "")
      .replaceAll(/<([a-z]+)[^>]*\/>/g, "<$1></$1>")
      .replaceAll(/<([a-z]+) [^>]*>/g, "<$1>")
      .replaceAll("&lt;", "<")
      .replaceAll("&amp;", "&");
    expect(parseMaths(made).children.map(markupOf).join("")).toBe(bare);
  });

  it("S19: has no links, images and handlers, even if KaTeX made some", () => {
    const made = katex.renderToString(
      "\\href{javascript:alert(1)}{x}\\htmlStyle{background:url(https://evil.example)}{y}",
      {
        trust: true,
        strict: "ignore",
        output: "htmlAndMathml",
      },
    );
    expect(made).toContain("evil.example");
    const tree = parseMaths(made);
    expect(namesIn(tree)).not.toContain("a");
    expect(namesIn(tree)).not.toContain("img");
    expect(JSON.stringify(tree)).not.toContain("evil.example");
    expect(JSON.stringify(tree)).not.toContain("javascript:");
  });
});
