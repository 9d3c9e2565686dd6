import { decodeEntities } from "../text/entities.ts";
import type { MathsNode } from "./maths-node.ts";

const elements = new Set(
  (
    "span svg path line math semantics mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom " +
    "menclose msub msup msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mtd"
  ).split(" "),
);

const attributeNames: Readonly<Record<string, string>> = {
  class: "className",
  "aria-hidden": "aria-hidden",
  "stroke-width": "strokeWidth",
  ...Object.fromEntries(
    (
      "xmlns d viewBox preserveAspectRatio width height x1 x2 y1 y2 display displaystyle scriptlevel mathvariant " +
      "stretchy fence separator symmetric largeop movablelimits accent accentunder lspace rspace minsize maxsize depth " +
      "voffset linethickness columnalign rowspacing columnspacing notation"
    )
      .split(" ")
      .map((name) => [name, name]),
  ),
};

const markupPiece = /<\/([a-z]+)>|<([a-z]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/gi;
const attributePattern = /([\w:-]+)="([^"]*)"/g;
const safeStyle = /^(?!.*url)[\w\s.,#%()+-]*$/i;

const styleOf = (written: string): Record<string, string> =>
  Object.fromEntries(
    written.split(";").flatMap((declaration) => {
      const [property = "", value = ""] = declaration.split(":");
      const name = property.trim().replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      return name !== "" && safeStyle.test(value) ? [[name, value.trim()]] : [];
    }),
  );

type OpenNode = MathsNode & Readonly<{ children: (MathsNode | string)[] }>;

const open = (name: string, written: string): OpenNode => {
  const attributes: Record<string, string> = {};
  let style: Record<string, string> = {};
  for (const [, key = "", value = ""] of written.matchAll(attributePattern)) {
    if (key === "style") style = styleOf(decodeEntities(value));
    else if (Object.hasOwn(attributeNames, key)) attributes[attributeNames[key] ?? key] = decodeEntities(value);
  }
  return { name: elements.has(name) ? name : "span", attributes, style, children: [] };
};

const notShown = "annotation";

/** KaTeX's markup as a tree: only elements, attributes and styles that formulas need; nothing that loads or links. */
export const parseMaths = (markup: string): MathsNode => {
  const root = open("span", "");
  const path = [root];
  let hidden = 0;
  for (const [, closed, opened, written = "", isEmpty, text] of markup.matchAll(markupPiece)) {
    const parent = path.at(-1) ?? root;
    if (closed === notShown) hidden -= 1;
    else if (opened === notShown) hidden += 1;
    else if (hidden > 0) continue;
    else if (text !== undefined) parent.children.push(decodeEntities(text));
    else if (closed !== undefined) path.pop();
    else if (opened !== undefined) {
      const node = open(opened, written);
      parent.children.push(node);
      if (isEmpty === "") path.push(node);
    }
  }
  return root;
};
