import { createElement, memo, type ReactNode, useMemo } from "react";
import type { MathsNode } from "./maths-node.ts";
import { useMathsReader } from "./use-maths-reader.ts";

const longest = 4_000;

const elementOf = (node: MathsNode | string, key: number): ReactNode =>
  typeof node === "string"
    ? node
    : createElement(node.name, { ...node.attributes, style: node.style, key }, node.children.map(elementOf));

type FormulaProps = Readonly<{ source: string; tex: string; isDisplayed: boolean }>;

/** A formula, as MathML for those who listen; as it was written until KaTeX is loaded, and where it is no TeX. */
export const Formula = memo(({ source, tex, isDisplayed }: FormulaProps) => {
  const read = useMathsReader();
  const node = useMemo(
    () => (tex.length > longest ? null : (read?.(tex, isDisplayed) ?? null)),
    [read, tex, isDisplayed],
  );
  if (node === null) return <code dir="ltr">{source.trim()}</code>;
  if (!isDisplayed) return elementOf(node, 0);
  return (
    <span className="md-formula" dir="ltr" role="group" aria-label="Formula" tabIndex={0}>
      {elementOf(node, 0)}
    </span>
  );
});
