import { ChevronRight } from "lucide-react";
import { memo, useId, useState } from "react";
import { classNames } from "../../ui/class-names.ts";
import type { ToolPart } from "../message/part-groups.ts";
import { ToolRow } from "./tool-row.tsx";
import { summarizeTool } from "./tool-summary.ts";
import { toolTexts } from "./tool-texts.ts";

export interface ToolGroupProps {
  readonly parts: readonly ToolPart[];
  readonly isLive: boolean;
}

const foldedFrom = 3;

/** Whether a call is to be seen although the others are folded away. */
const isNotable = (part: ToolPart, isLive: boolean): boolean => {
  const { status } = summarizeTool(part);
  return status === "background" || (isLive && status === "running");
};

/** Calls that stand together; from three on they are folded into one line that opens. */
export const ToolGroup = memo(
  ({ parts, isLive }: ToolGroupProps) => {
    const [isOpen, setIsOpen] = useState(false);
    const listId = useId();
    const isFolded = parts.length >= foldedFrom;
    const isRunning = isLive && parts.some((part) => summarizeTool(part).status === "running");
    const shown = !isFolded || isOpen ? parts : parts.filter((part) => isNotable(part, isLive));
    return (
      <div
        role="group"
        aria-label={toolTexts.calls}
        className="overflow-hidden rounded-medium border border-line bg-surface"
      >
        {isFolded && (
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={listId}
            className="flex h-[38px] w-full items-center gap-[9px] px-3 text-left text-13 text-text-2 outline-offset-[-2px] hover:bg-hover/50"
            onClick={() => setIsOpen(!isOpen)}
          >
            {isRunning ? toolTexts.running(parts.length) : toolTexts.ran(parts.length)}
            <FailureCount parts={parts} />
            <ChevronRight
              size={13}
              strokeWidth={1.5}
              className={classNames("transition-transform duration-(--fast)", isOpen && "rotate-90")}
            />
          </button>
        )}
        <ul id={listId} className={classNames(isFolded && shown.length > 0 && "border-t border-line")}>
          {shown.map((part) => (
            <ToolRow key={part.toolCallId} part={part} isLive={isLive} />
          ))}
        </ul>
      </div>
    );
  },
  (before, after) =>
    before.isLive === after.isLive &&
    before.parts.length === after.parts.length &&
    before.parts.every((part, index) => part === after.parts[index]),
);

const failures: ReadonlySet<string> = new Set(["failed", "invalid", "unknown", "denied"]);

const FailureCount = ({ parts }: Pick<ToolGroupProps, "parts">) => {
  const count = parts.filter((part) => failures.has(summarizeTool(part).status)).length;
  return count === 0 ? null : <span className="text-text-3">{toolTexts.failedOf(count)}</span>;
};
