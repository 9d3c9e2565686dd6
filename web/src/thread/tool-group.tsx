import { ChevronRight } from "lucide-react";
import { memo, useId, useState } from "react";
import { classNames } from "../ui/class-names.ts";
import type { ToolPart } from "./part-groups.ts";
import { threadTexts } from "./thread-texts.ts";
import { summarizeTool } from "./tool-summary.ts";
import { ToolRow } from "./tool-row.tsx";

export interface ToolGroupProps {
  readonly parts: readonly ToolPart[];
  readonly isLive: boolean;
}

const foldedFrom = 3;

/** Calls that stand together; from three on they are folded into one line that opens. */
export const ToolGroup = memo(
  ({ parts, isLive }: ToolGroupProps) => {
    const [isOpen, setIsOpen] = useState(false);
    const listId = useId();
    const isFolded = parts.length >= foldedFrom;
    const running = isLive ? parts.filter((part) => summarizeTool(part).status === "running") : [];
    const shown = !isFolded || isOpen ? parts : running;
    return (
      <div
        role="group"
        aria-label={threadTexts.tools}
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
            {running.length > 0 ? threadTexts.runningTools(parts.length) : threadTexts.ranTools(parts.length)}
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
