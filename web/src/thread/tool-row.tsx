import { Ban, Check, ChevronRight, CircleHelp, LoaderCircle, X } from "lucide-react";
import { useId, useState } from "react";
import { classNames } from "../ui/class-names.ts";
import { formatDuration, formatElapsed } from "./format-amounts.ts";
import { JsonBlock } from "./json-block.tsx";
import { observeTime } from "./observed-times.ts";
import type { ToolPart } from "./part-groups.ts";
import { threadTexts } from "./thread-texts.ts";
import { summarizeTool, type ToolStatus, type ToolSummary } from "./tool-summary.ts";
import { useNow } from "./use-now.ts";

const marks = {
  running: <LoaderCircle size={14} strokeWidth={1.75} className="animate-spin text-live-ink" />,
  done: <Check size={14} strokeWidth={1.75} className="text-accent-ink" />,
  failed: <X size={14} strokeWidth={1.75} className="text-danger" />,
  unknown: <CircleHelp size={14} strokeWidth={1.75} className="text-warn" />,
  denied: <Ban size={14} strokeWidth={1.75} className="text-text-3" />,
} satisfies Record<ToolStatus, React.ReactNode>;

const timeOf = (tool: ToolSummary, now: number): string => {
  const time = observeTime(`tool:${tool.callId}`, tool.status === "running");
  if (time === null) return "";
  return time.to === null ? formatElapsed(now - time.from) : formatDuration(time.to - time.from);
};

/** One call of a tool in a line, which opens to what it was asked and what it said. */
export const ToolRow = ({ part, isLive }: { readonly part: ToolPart; readonly isLive: boolean }) => {
  const [isOpen, setIsOpen] = useState(false);
  const detailsId = useId();
  const summary = summarizeTool(part);
  const tool: ToolSummary = summary.status === "running" && !isLive ? { ...summary, status: "unknown" } : summary;
  const now = useNow(tool.status === "running");
  return (
    <li className="not-first:border-t not-first:border-line">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={detailsId}
        className="flex min-h-[38px] w-full items-center gap-[9px] px-3 py-1 text-left text-13 text-text-3 outline-offset-[-2px] hover:bg-hover/50"
        onClick={() => setIsOpen(!isOpen)}
      >
        <span className="shrink-0">{marks[tool.status]}</span>
        <span className="font-mono text-12 font-medium text-text">{tool.name}</span>
        <span className="sr-only">{threadTexts.toolStatus[tool.status]}</span>
        <span dir="auto" className="min-w-0 flex-1 truncate">
          {tool.error ?? tool.argument}
        </span>
        <span className="whitespace-nowrap tabular-nums">{timeOf(tool, now)}</span>
        <ChevronRight
          size={13}
          strokeWidth={1.5}
          className={classNames("shrink-0 transition-transform duration-(--fast)", isOpen && "rotate-90")}
        />
      </button>
      <div id={detailsId} hidden={!isOpen} className="space-y-2.5 px-3 pt-1 pb-3">
        {isOpen && (
          <>
            <JsonBlock label={threadTexts.input} value={part.input ?? {}} />
            {part.state === "output-available" && <JsonBlock label={threadTexts.output} value={part.output} />}
            {tool.error !== null && <JsonBlock label={threadTexts.output} value={tool.error} />}
          </>
        )}
      </div>
    </li>
  );
};
