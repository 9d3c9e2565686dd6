import type { ToolExecution } from "natter/client";
import { useState } from "react";
import { useThread } from "../thread-context.ts";
import { notifyFailure } from "../answer/use-answer-again.ts";
import { isGoingOn, isRetryable } from "./background-state.ts";
import { toolTexts } from "./tool-texts.ts";
import { wordsOf } from "./tool-words.ts";

/** Stops a call that goes on in the background, or has one done again that ended without success. */
export const ExecutionActions = ({ execution }: { readonly execution: ToolExecution }) => {
  const { store } = useThread();
  const [isAsked, setIsAsked] = useState(false);
  const words = wordsOf(execution.tool);
  const ask = (what: Promise<unknown>): void => {
    setIsAsked(true);
    void what.catch(notifyFailure).finally(() => setIsAsked(false));
  };
  const look =
    "my-1 me-2 shrink-0 self-start rounded-small px-2 text-12 leading-[28px] font-[550] text-text-2 hover:bg-hover hover:text-text aria-disabled:opacity-50 max-wide:leading-[38px]";
  if (isGoingOn(execution)) {
    return (
      <button
        type="button"
        aria-label={toolTexts.cancelOf(words)}
        aria-disabled={isAsked}
        className={look}
        onClick={() => !isAsked && ask(store.cancelTool(execution.id))}
      >
        {toolTexts.cancel}
      </button>
    );
  }
  if (!isRetryable(execution)) return null;
  return (
    <button
      type="button"
      aria-label={toolTexts.retryOf(words)}
      aria-disabled={isAsked}
      className={look}
      onClick={() => !isAsked && ask(store.retryTool(execution.id))}
    >
      {toolTexts.retry}
    </button>
  );
};
