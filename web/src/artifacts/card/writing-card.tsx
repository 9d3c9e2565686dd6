import { useMemo } from "react";
import { summarizeTool, toolName } from "../../thread/tools/tool-summary.ts";
import type { ToolPart } from "../../thread/message/part-groups.ts";
import { artifactTexts } from "../artifact-texts.ts";
import { KindIcon } from "../kind-icon.tsx";
import { countLines, lastLines, readWrittenInput } from "./written-input.ts";

const shownLines = 5;

export interface WritingCardProps {
  readonly part: ToolPart;
  readonly isLive: boolean;
}

/** An artifact while an agent writes it: what it is called, how long it is, and its last lines as they come. */
export const WritingCard = ({ part, isLive }: WritingCardProps) => {
  const { kind, title, text } = useMemo(() => readWrittenInput(part.input), [part.input]);
  const isRunning = isLive && summarizeTool(part).status === "running";
  const unnamed = toolName(part) === "create_artifact" ? artifactTexts.writingNew : artifactTexts.changing;
  return (
    <div className="relative overflow-hidden rounded-medium border border-line bg-surface">
      {isRunning && <span data-live-line="" className="absolute inset-y-0 start-0 w-[3px] bg-live" />}
      <div className="flex items-center gap-3 p-2.5 pe-3">
        <span className="grid size-[34px] shrink-0 place-items-center rounded-small bg-accent-soft">
          <KindIcon kind={kind} size={18} />
        </span>
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block truncate font-semibold">
            {title ?? unnamed}
          </span>
          <span className="block text-12 text-text-3 tabular-nums">
            {artifactTexts.kinds[kind]} · {artifactTexts.lines(countLines(text))}
          </span>
        </span>
        <span className="shrink-0 text-13 text-text-3">
          {isRunning ? artifactTexts.writing : artifactTexts.notFinished}
        </span>
      </div>
      {isRunning && text !== "" && (
        <pre
          aria-hidden="true"
          dir={kind === "document" ? "auto" : "ltr"}
          className="flex h-[104px] flex-col justify-end overflow-hidden border-t border-line bg-sunken px-3 py-2 font-mono text-12 leading-[18px] text-text-2"
        >
          {lastLines(text, shownLines)}
        </pre>
      )}
    </div>
  );
};
