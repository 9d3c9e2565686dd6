import type { ArtifactDiff } from "natter/client";
import { memo } from "react";
import { withoutStacks } from "../../markdown/safe-text.ts";
import { artifactTexts } from "../artifact-texts.ts";
import "./changed-lines.css";

type Hunk = ArtifactDiff["hunks"][number];
type LineType = Hunk["lines"][number]["type"];

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

/** The lines that differ between two versions, and some around them. */
export const ChangedLines = ({ diff, title }: { readonly diff: ArtifactDiff; readonly title: string }) => (
  <div
    role="group"
    tabIndex={0}
    aria-label={artifactTexts.changesOf(title)}
    className="changed-lines min-h-0 flex-1 overflow-y-auto outline-offset-[-3px]"
  >
    {diff.hunks.map((hunk, index) => {
      const hidden = hiddenBefore(diff.hunks, index);
      return (
        <div key={`${hunk.fromLine}:${hunk.toLine}`} className="changed-hunk">
          {hidden > 0 && <p className="changed-gap">{artifactTexts.hidden(hidden)}</p>}
          <HunkLines hunk={hunk} />
        </div>
      );
    })}
  </div>
);
