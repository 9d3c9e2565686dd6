import type { MessageView } from "natter/client";
import { useMe } from "../../shell/use-me.ts";
import { Button } from "../../ui/button/button.tsx";
import { formatElapsed } from "./format-amounts.ts";
import { durationOf } from "./message-duration.ts";
import { stoppedBy } from "./stopped-by.ts";
import { useThread } from "../thread-context.ts";
import { threadTexts } from "../thread-texts.ts";
import { useAnswerAgain } from "./use-answer-again.ts";

/** That an answer was stopped, and how to go on. */
export const StoppedNote = ({ message, isLast }: { readonly message: MessageView; readonly isLast: boolean }) => {
  const { store, isReadOnly } = useThread();
  const again = useAnswerAgain(message);
  const duration = durationOf(message);
  const ownId = useMe()?.userId;
  return (
    <div className="flex flex-wrap items-center gap-2 text-13 text-text-3 tabular-nums">
      <p className="mr-1">
        {stoppedBy(message, ownId)}
        {duration !== null && ` · ${formatElapsed(duration)}`}
      </p>
      {isReadOnly !== true && isLast && message.parts.length > 0 && (
        <Button className="h-[28px] px-2.5 text-13" onClick={() => store.send(threadTexts.continueMessage)}>
          {threadTexts.continue}
        </Button>
      )}
      {isReadOnly !== true && (
        <Button className="h-[28px] px-2.5 text-13" onClick={() => void again()}>
          {threadTexts.tryAgain}
        </Button>
      )}
    </div>
  );
};
