import katex, { type KatexOptions } from "katex";
import { mathsLetters } from "./maths-letters.ts";
import type { MathsNode } from "./maths-node.ts";

const elements = new Set(
  (
    "math semantics mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom menclose msub msup " +
    "msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mtd"
  ).split(" "),
);
const attributes = new Set(
  (
    "display displaystyle scriptlevel stretchy fence separator symmetric largeop movablelimits accent accentunder form " +
    "lspace rspace minsize maxsize width height depth voffset linethickness mathcolor mathbackground"
  ).split(" "),
);

const alignments = (table: Element): readonly string[] => (table.getAttribute("columnalign") ?? "").split(" ");

const classOf = (element: Element): string | undefined => {
  const name = element.localName;
  if (name === "menclose") return "md-enclosed";
  if (name === "mtable") return element.getAttribute("width") === "100%" ? "md-tagged" : undefined;
  const row = name === "mtd" ? element.parentElement : null;
  const table = row?.parentElement;
  if (!row || !table) return undefined;
  const alignment = alignments(table)[[...row.children].indexOf(element)];
  return alignment === "left" || alignment === "right" ? `md-${alignment}` : undefined;
};

const childrenOf = (element: Element): readonly (MathsNode | string)[] => {
  const variant = element.getAttribute("mathvariant") ?? "";
  return [...element.childNodes].flatMap((child): readonly (MathsNode | string)[] => {
    if (child instanceof Element) return child.localName === "annotation" ? [] : [nodeOf(child)];
    return [mathsLetters(child.textContent ?? "", variant)];
  });
};

const nodeOf = (element: Element): MathsNode => {
  const className = classOf(element);
  const kept = [...element.attributes].filter(({ name }) => attributes.has(name));
  const isUpright = element.getAttribute("mathvariant") === "normal";
  return {
    name: elements.has(element.localName) && element.localName !== "menclose" ? element.localName : "mrow",
    attributes: {
      ...Object.fromEntries(kept.map(({ name, value }) => [name, value])),
      ...(isUpright ? { mathvariant: "normal" } : {}),
      ...(className === undefined ? {} : { className }),
    },
    children: childrenOf(element),
  };
};

const settings: KatexOptions = {
  output: "mathml",
  // what KaTeX shows of an error has a style attribute, which the page's policy refuses
  throwOnError: true,
  trust: false,
  strict: "ignore",
  maxSize: 20,
  maxExpand: 200,
};

/** TeX as a tree of MathML without links, images and styles; null when it is no TeX (yet). */
export const readMaths = (tex: string, isDisplayed: boolean): MathsNode | null => {
  try {
    const markup = katex.renderToString(tex, { ...settings, displayMode: isDisplayed });
    const root = new DOMParser().parseFromString(markup, "text/html").querySelector("math");
    return root ? nodeOf(root) : null;
  } catch (error) {
    if (!(error instanceof katex.ParseError)) console.warn("a formula stays as it was written", error);
    return null;
  }
};
