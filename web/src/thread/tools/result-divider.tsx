import { ChevronRight, Clock } from "lucide-react";
import { useId, useState } from "react";
import { classNames } from "../../ui/class-names.ts";
import { isRecord } from "../../ui/stored-value.ts";
import { JsonBlock } from "../message/json-block.tsx";
import type { DataPart } from "../message/part-groups.ts";
import { toolTexts } from "./tool-texts.ts";
import { wordsOf } from "./tool-words.ts";

interface Landed {
  readonly tool: string;
  readonly isSuccess: boolean;
  readonly content: unknown;
}

const read = (data: unknown): Landed | null => {
  if (!isRecord(data) || typeof data["tool"] !== "string" || !isRecord(data["outcome"])) return null;
  const { type, ...content } = data["outcome"];
  const isSuccess = type === "completed";
  return { tool: data["tool"], isSuccess, content: isSuccess ? content["data"] : content };
};

/** That from here on the result of a background tool is known. */
export const ResultDivider = ({ part }: { readonly part: DataPart }) => {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const landed = read(part.data);
  if (landed === null) return null;
  const words = landed.isSuccess ? toolTexts.resultUsed : toolTexts.failureUsed;
  return (
    <div>
      <div className="flex items-center gap-3 text-12 text-text-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setIsOpen(!isOpen)}
          className="flex min-h-7 min-w-0 items-center gap-1.5 rounded-small px-1.5 hover:bg-hover max-wide:min-h-10"
        >
          <Clock size={13} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
          <span className="truncate">{words(wordsOf(landed.tool))}</span>
          <ChevronRight
            size={13}
            strokeWidth={1.5}
            aria-hidden="true"
            className={classNames("shrink-0 transition-transform duration-(--fast)", isOpen && "rotate-90")}
          />
        </button>
      </div>
      <div id={id} hidden={!isOpen} className="pt-2">
        {isOpen && <JsonBlock label={toolTexts.output} value={landed.content} />}
      </div>
    </div>
  );
};
