import { diffLines, type LineChange } from "natter/client";

export interface MergedText {
  readonly text: string;
  /** Whether they changed a place that we changed as well; ours stands there. */
  readonly hasClash: boolean;
}

interface Replacement extends LineChange {
  readonly lines: readonly string[];
}

const replacementsOf = (base: readonly string[], changed: readonly string[]): Replacement[] =>
  diffLines(base, changed).map((change) => ({ ...change, lines: changed.slice(change.toStart, change.toEnd) }));

/** Whether two changes are of the same place, or next to each other, where nobody could say which comes first. */
const touches = (left: LineChange, right: LineChange): boolean =>
  left.fromStart <= right.fromEnd && right.fromStart <= left.fromEnd;

const isSame = (left: Replacement, right: Replacement): boolean =>
  left.fromStart === right.fromStart &&
  left.fromEnd === right.fromEnd &&
  left.lines.join("\n") === right.lines.join("\n");

/** What both made of `base`, line by line: theirs wherever we left it as it was. */
export const mergeTexts = (base: string, ours: string, theirs: string): MergedText => {
  const lines = base.split("\n");
  const own = replacementsOf(lines, ours.split("\n"));
  const others = replacementsOf(lines, theirs.split("\n")).filter(
    (theirOne) => !own.some((one) => isSame(one, theirOne)),
  );
  const clashing = others.filter((theirOne) => own.some((one) => touches(one, theirOne)));
  const taken = others.filter((theirOne) => !clashing.includes(theirOne));
  const all = [...own, ...taken].sort((left, right) => left.fromStart - right.fromStart);
  const merged: (readonly string[])[] = [];
  let at = 0;
  for (const { fromStart, fromEnd, lines: replaced } of all) {
    merged.push(lines.slice(at, fromStart), replaced);
    at = fromEnd;
  }
  merged.push(lines.slice(at));
  return { text: merged.flat().join("\n"), hasClash: clashing.length > 0 };
};
