import type { ArtifactDiff } from "../../protocol/artifact.ts";
import { diffLines, type LineChange } from "../../protocol/message/line-diff.ts";

type Hunk = ArtifactDiff["hunks"][number];
type Line = Hunk["lines"][number];

/** How many lines around a change are shown. */
const context = 3;

/** Changes that are so near to each other that what is around them would overlap. */
const gatherChanges = (changes: readonly LineChange[]): LineChange[][] => {
  const groups: LineChange[][] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    const end = last?.at(-1)?.fromEnd;
    if (last !== undefined && end !== undefined && change.fromStart - end <= 2 * context) last.push(change);
    else groups.push([change]);
  }
  return groups;
};

const typed = (lines: readonly string[], type: Line["type"]): Line[] => lines.map((text) => ({ type, text }));

const hunkOf = (from: readonly string[], to: readonly string[], changes: readonly LineChange[]): Hunk => {
  const first = changes[0]?.fromStart ?? 0;
  const start = Math.max(0, first - context);
  let at = start;
  const lines = changes.flatMap(({ fromStart, fromEnd, toStart, toEnd }) => {
    const before = typed(from.slice(at, fromStart), "same");
    at = fromEnd;
    return [
      ...before,
      ...typed(from.slice(fromStart, fromEnd), "removed"),
      ...typed(to.slice(toStart, toEnd), "added"),
    ];
  });
  const around = typed(from.slice(at, at + context), "same");
  const toLine = (changes[0]?.toStart ?? 0) - (first - start) + 1;
  return { fromLine: start + 1, toLine, lines: [...lines, ...around] };
};

/** Where two texts differ, as it is shown. */
export const compareTexts = (before: string, after: string): Pick<ArtifactDiff, "added" | "removed" | "hunks"> => {
  const [from, to] = [before.split("\n"), after.split("\n")];
  const changes = diffLines(from, to);
  return {
    added: changes.reduce((sum, { toStart, toEnd }) => sum + toEnd - toStart, 0),
    removed: changes.reduce((sum, { fromStart, fromEnd }) => sum + fromEnd - fromStart, 0),
    hunks: gatherChanges(changes).map((group) => hunkOf(from, to, group)),
  };
};
