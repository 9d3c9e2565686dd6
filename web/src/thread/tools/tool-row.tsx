import { Ban, Check, ChevronRight, CircleHelp, Clock, LoaderCircle, TriangleAlert, X } from "lucide-react";
import type { ToolExecution } from "natter/client";
import { useId, useState } from "react";
import { classNames } from "../../ui/class-names.ts";
import { formatDuration, formatElapsed } from "../answer/format-amounts.ts";
import { observeTime } from "../answer/observed-times.ts";
import type { ToolPart } from "../message/part-groups.ts";
import { useNow } from "../use-now.ts";
import { failureOfExecution, progressWords, statusOfExecution, timeOfExecution } from "./background-state.ts";
import { ExecutionActions } from "./execution-actions.tsx";
import { ProgressBar } from "./progress-bar.tsx";
import { ToolDetails } from "./tool-details.tsx";
import { summarizeTool, type ToolStatus, type ToolSummary } from "./tool-summary.ts";
import { toolTexts } from "./tool-texts.ts";
import { wordsOf } from "./tool-words.ts";
import { useExecution } from "./use-execution.ts";

const look = { size: 14, strokeWidth: 1.75, "aria-hidden": true };

const marks = {
  running: <LoaderCircle {...look} className="animate-spin text-live-ink" />,
  background: <Clock {...look} className="text-text-2" />,
  done: <Check {...look} className="text-accent-ink" />,
  failed: <X {...look} className="text-danger" />,
  invalid: <TriangleAlert {...look} className="text-warn" />,
  unknown: <CircleHelp {...look} className="text-warn" />,
  denied: <Ban {...look} className="text-text-3" />,
} satisfies Record<ToolStatus, React.ReactNode>;

/** What a call does or did, as it is to be shown: in the background it goes on after its part was written. */
const shownOf = (part: ToolPart, isLive: boolean, execution: ToolExecution | undefined): ToolSummary => {
  const summary = summarizeTool(part);
  if (summary.status === "running" && !isLive) return { ...summary, status: "unknown" };
  if (execution === undefined || summary.status !== "background") return summary;
  return { ...summary, status: statusOfExecution(execution), error: failureOfExecution(execution) };
};

const timeOf = (tool: ToolSummary, execution: ToolExecution | undefined, now: number): string => {
  if (execution !== undefined && tool.status === "background") return progressWords(execution);
  if (execution !== undefined) return formatElapsed(timeOfExecution(execution, now));
  if (tool.status === "background") return toolTexts.inBackground;
  const time = observeTime(`tool:${tool.callId}`, tool.status === "running");
  if (time === null) return "";
  return time.to === null ? formatElapsed(now - time.from) : formatDuration(time.to - time.from);
};

const lineOf = ({ status, error, argument }: ToolSummary, execution: ToolExecution | undefined): string => {
  if (status === "denied" && execution === undefined)
    return error === null ? toolTexts.denied : `${toolTexts.denied} · ${error}`;
  return error ?? argument;
};

/** One call of a tool in a line, which opens to what it was asked and what it said. */
export const ToolRow = ({ part, isLive }: { readonly part: ToolPart; readonly isLive: boolean }) => {
  const [isOpen, setIsOpen] = useState(false);
  const detailsId = useId();
  const execution = useExecution(part.toolCallId);
  const tool = shownOf(part, isLive, execution);
  const now = useNow(tool.status === "running");
  return (
    <li className="not-first:border-t not-first:border-line">
      <div className="flex">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={detailsId}
          className="flex min-h-[38px] min-w-0 flex-1 items-center gap-[9px] px-3 py-1 text-left text-13 text-text-3 outline-offset-[-2px] hover:bg-hover/50"
          onClick={() => setIsOpen(!isOpen)}
        >
          <span className="shrink-0">{marks[tool.status]}</span>
          <span className="max-w-[45%] truncate font-mono text-12 font-medium text-text">{tool.name}</span>
          <span className="sr-only">{toolTexts.status[tool.status]}</span>
          <span dir="auto" className="min-w-0 flex-1 truncate">
            {lineOf(tool, execution)}
          </span>
          <span className="max-w-[45%] truncate whitespace-nowrap tabular-nums">{timeOf(tool, execution, now)}</span>
          <ChevronRight
            size={13}
            strokeWidth={1.5}
            aria-hidden="true"
            className={classNames("shrink-0 transition-transform duration-(--fast)", isOpen && "rotate-90")}
          />
        </button>
        {execution !== undefined && <ExecutionActions execution={execution} />}
      </div>
      {execution !== undefined && tool.status === "background" && (
        <ProgressBar label={toolTexts.progressOf(wordsOf(tool.name))} ratio={execution.progress?.ratio ?? null} />
      )}
      <div id={detailsId} hidden={!isOpen} className="space-y-2.5 px-3 pt-1 pb-3">
        {isOpen && <ToolDetails part={part} error={tool.error} execution={execution} />}
      </div>
    </li>
  );
};
