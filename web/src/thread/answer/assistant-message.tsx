import type { MessageView } from "natter/client";
import { Suspense } from "react";
import { lazyPart } from "../../ui/lazy-part.ts";
import { AnswerActions } from "./answer-actions.tsx";
import { LiveNote } from "./live-note.tsx";
import { MessageParts } from "../message/message-parts.tsx";
import { StoppedNote } from "./stopped-note.tsx";
import { useThread } from "../thread-context.ts";
import { useConversation } from "../use-conversation.ts";

const FailureNote = lazyPart(async () => (await import("./failure-note.tsx")).FailureNote);

export interface AssistantMessageProps {
  readonly message: MessageView;
  readonly isLive: boolean;
  readonly isLast: boolean;
}

/** An answer: what it says, what became of it, and what can be done with it. */
export const AssistantMessage = ({ message, isLive, isLast }: AssistantMessageProps) => {
  const { store } = useThread();
  const live = useConversation(store, (view) => (view.live?.messageId === message.id ? view.live : null));
  const isSilent = message.parts.every(({ type }) => type === "step-start");
  return (
    <>
      <MessageParts key={message.id} message={message} isLive={isLive} />
      {isLive && <LiveNote live={live} isSilent={isSilent} />}
      {message.state === "cancelled" && <StoppedNote message={message} isLast={isLast} />}
      {message.state === "failed" && (
        <Suspense>
          <FailureNote key={message.id} message={message} />
        </Suspense>
      )}
      {!isLive && <AnswerActions message={message} />}
    </>
  );
};
