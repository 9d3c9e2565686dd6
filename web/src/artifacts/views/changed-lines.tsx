import type { ArtifactDiff } from "natter/client";
import { memo, useMemo, useState } from "react";
import { withoutStacks } from "../../markdown/text/safe-text.ts";
import { Button } from "../../ui/button/button.tsx";
import { artifactTexts } from "../artifact-texts.ts";
import "./changed-lines.css";

type Hunk = ArtifactDiff["hunks"][number];
type LineType = Hunk["lines"][number]["type"];

const linesAtOnce = 1_500;

const signs = { same: " ", added: "+", removed: "−" } satisfies Record<LineType, string>;
const spoken = { same: "", added: artifactTexts.added, removed: artifactTexts.removed } satisfies Record<
  LineType,
  string
>;

const HunkLines = memo(({ hunk }: { readonly hunk: Hunk }) => {
  let [from, to] = [hunk.fromLine, hunk.toLine];
  return hunk.lines.map(({ type, text }, index) => {
    const number = type === "removed" ? from : to;
    if (type !== "added") from += 1;
    if (type !== "removed") to += 1;
    return (
      <div key={index} data-type={type} className="changed-line">
        <span aria-hidden="true" className="changed-number">
          {number}
        </span>
        <span aria-hidden="true" className="changed-sign">
          {signs[type]}
        </span>
        {spoken[type] !== "" && <span className="sr-only">{spoken[type]}: </span>}
        <span dir="auto" className="changed-text">
          {withoutStacks(text)}
          {"\n"}
        </span>
      </div>
    );
  });
});

/** How many lines lie between this part and the one before. */
const hiddenBefore = (hunks: readonly Hunk[], index: number): number => {
  const before = hunks[index - 1];
  const end = before === undefined ? 1 : before.fromLine + before.lines.filter(({ type }) => type !== "added").length;
  return (hunks[index]?.fromLine ?? end) - end;
};

/** The first hunks that together have no more than so many lines, and how many lines are left out. */
const firstLines = (hunks: readonly Hunk[]): { readonly hunks: readonly Hunk[]; readonly left: number } => {
  let room = linesAtOnce;
  const shown = hunks.flatMap((hunk) => {
    const lines = hunk.lines.slice(0, room);
    room -= lines.length;
    return lines.length === 0 ? [] : [lines.length === hunk.lines.length ? hunk : { ...hunk, lines }];
  });
  const count = (all: readonly Hunk[]): number => all.reduce((sum, { lines }) => sum + lines.length, 0);
  return { hunks: shown, left: count(hunks) - count(shown) };
};

/** The lines that differ between two versions, and some around them; of very many the first. */
export const ChangedLines = ({ diff, title }: { readonly diff: ArtifactDiff; readonly title: string }) => {
  const [isAll, setIsAll] = useState(false);
  const first = useMemo(() => firstLines(diff.hunks), [diff]);
  const hunks = isAll ? diff.hunks : first.hunks;
  return (
    <div
      role="group"
      tabIndex={0}
      aria-label={artifactTexts.changesOf(title)}
      className="changed-lines min-h-0 flex-1 overflow-y-auto outline-offset-[-3px]"
    >
      {hunks.map((hunk, index) => {
        const hidden = hiddenBefore(hunks, index);
        return (
          <div key={`${hunk.fromLine}:${hunk.toLine}`} className="changed-hunk">
            {hidden > 0 && <p className="changed-gap">{artifactTexts.hidden(hidden)}</p>}
            <HunkLines hunk={hunk} />
          </div>
        );
      })}
      {!isAll && first.left > 0 && (
        <Button look="plain" onClick={() => setIsAll(true)} className="mx-3 mt-3 font-sans text-13">
          {artifactTexts.moreLines(first.left)}
        </Button>
      )}
    </div>
  );
};
