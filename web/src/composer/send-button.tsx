import { ArrowUp } from "lucide-react";
import { composerTexts } from "./composer-texts.ts";

export interface SendButtonProps {
  readonly isRunning: boolean;
  readonly isEmpty: boolean;
  readonly onSend: () => void;
  readonly onStop: () => void;
}

const round =
  "grid size-[34px] max-wide:size-10 shrink-0 place-items-center rounded-full bg-text text-bg transition-opacity duration-(--fast) disabled:opacity-30";

/** Stops what runs; sends, or queues, what is written. */
export const SendButton = ({ isRunning, isEmpty, onSend, onStop }: SendButtonProps) => (
  <>
    {isRunning && (
      <button
        type="button"
        aria-label={composerTexts.stop}
        title={composerTexts.stop}
        className={round}
        onClick={onStop}
      >
        <span className="size-[11px] rounded-[2.5px] bg-bg" />
      </button>
    )}
    {(!isRunning || !isEmpty) && (
      <button
        type="button"
        aria-label={isRunning ? composerTexts.queue : composerTexts.send}
        title={isRunning ? composerTexts.queue : composerTexts.send}
        disabled={isEmpty}
        className={round}
        onClick={onSend}
      >
        <ArrowUp size={18} strokeWidth={1.75} />
      </button>
    )}
  </>
);
