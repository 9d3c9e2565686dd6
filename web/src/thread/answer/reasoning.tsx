import { ChevronRight, Sparkle } from "lucide-react";
import { useId, useState } from "react";
import { classNames } from "../../ui/class-names.ts";
import { formatElapsed, formatSeconds } from "./format-amounts.ts";
import { observeTime } from "./observed-times.ts";
import type { ReasoningPart } from "../message/part-groups.ts";
import { threadTexts } from "../thread-texts.ts";
import { useNow } from "../use-now.ts";

export interface ReasoningProps {
  /** Known as long as the page lives, to remember how long it took. */
  readonly id: string;
  readonly parts: readonly ReasoningPart[];
  readonly isRunning: boolean;
}

const labelOf = (time: ReturnType<typeof observeTime>, now: number): string => {
  if (time === null) return threadTexts.thought;
  if (time.to !== null) return threadTexts.thoughtFor(formatSeconds(time.to - time.from));
  return `${threadTexts.thinking} ${formatElapsed(now - time.from)}`;
};

/** What a model thought: its last two lines while it thinks, folded away afterwards. */
export const Reasoning = ({ id, parts, isRunning }: ReasoningProps) => {
  const [isOpen, setIsOpen] = useState(false);
  const textId = useId();
  const now = useNow(isRunning);
  const time = observeTime(id, isRunning);
  const text = parts.map((part) => part.text.trim()).join("\n\n");
  return (
    <div className="flex flex-col gap-1.5">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={textId}
        className="-ml-1.5 inline-flex items-center gap-[7px] self-start rounded-small px-1.5 py-0.5 text-13 text-text-3 tabular-nums hover:text-text"
        onClick={() => setIsOpen(!isOpen)}
      >
        <Sparkle size={15} strokeWidth={1.5} className={isRunning ? "animate-pulse-live" : ""} />
        {labelOf(time, now)}
        <ChevronRight
          size={13}
          strokeWidth={1.5}
          className={classNames("transition-transform duration-(--fast)", isOpen && "rotate-90")}
        />
      </button>
      <div
        id={textId}
        dir="auto"
        hidden={!isOpen && !isRunning}
        className={classNames(
          "border-s-2 border-line ps-3 text-14 leading-[1.55] whitespace-pre-wrap text-text-2",
          !isOpen && "flex max-h-[2lh] flex-col justify-end overflow-hidden",
        )}
      >
        <span className="wrap-anywhere">{text}</span>
      </div>
    </div>
  );
};
