import katex, { type KatexOptions } from "katex";
import "katex/dist/katex.min.css";
import type { MathsNode } from "./maths-node.ts";
import { parseMaths } from "./parse-maths.ts";

const settings: KatexOptions = {
  output: "htmlAndMathml",
  throwOnError: true,
  trust: false,
  strict: "ignore",
  maxSize: 20,
  maxExpand: 200,
};

/** TeX as a tree of elements without links and images; null when it is no TeX (yet). */
export const readMaths = (tex: string, isDisplayed: boolean): MathsNode | null => {
  try {
    return parseMaths(katex.renderToString(tex, { ...settings, displayMode: isDisplayed }));
  } catch (error) {
    if (!(error instanceof katex.ParseError)) console.warn("a formula stays as it was written", error);
    return null;
  }
};
