import type { MessageView } from "natter/client";
import { memo } from "react";
import { AssistantMessage } from "../answer/assistant-message.tsx";
import { estimateHeight } from "../follow/estimate-height.ts";
import { textOf } from "./part-groups.ts";
import { threadTexts } from "../thread-texts.ts";
import { UserMessage } from "./user-message.tsx";
import { useThread } from "../thread-context.ts";
import { useConversation } from "../use-conversation.ts";

const endings: ReadonlySet<MessageView["state"]> = new Set(["finished", "cancelled", "failed"]);

/** Whether an answer is still to come, or coming. */
const isLiveMessage = ({ role, state }: MessageView): boolean => role === "assistant" && !endings.has(state);

/** Citron while it works, amber while it waits for a person, grey while nobody knows. */
const lineOf = (isLive: boolean, isConnected: boolean, isWaiting: boolean): string => {
  if (!isLive) return "off";
  if (!isConnected) return "paused";
  return isWaiting ? "waiting" : "on";
};

const names = { user: threadTexts.you, assistant: threadTexts.assistant, system: threadTexts.system };

export interface MessageItemProps {
  readonly message: MessageView;
  /** The agent that answers, where another one did before; null: it needs no name. */
  readonly speaker: string | null;
  readonly isLast: boolean;
}

/** One message of the thread, painted again only when something of it changed. */
export const MessageItem = memo(({ message, speaker, isLast }: MessageItemProps) => {
  const { store } = useThread();
  const isLive = isLiveMessage(message);
  const isConnected = useConversation(store, ({ connection }) => !isLive || connection === "connected");
  const isWaiting = message.state === "waiting";
  const name = speaker === null ? names[message.role] : threadTexts.speaker(speaker);
  const line = lineOf(isLive, isConnected, isWaiting);
  return (
    <article
      data-message={message.id}
      data-role={message.role}
      {...(message.role === "assistant" ? { "data-line": line } : {})}
      {...(isLast ? { "data-last": "" } : {})}
      aria-label={name}
      aria-busy={isLive && !isWaiting}
      tabIndex={-1}
      style={{ containIntrinsicSize: `auto ${estimateHeight(message.parts)}px` }}
      className="message"
    >
      {speaker === null ? (
        <h2 className="sr-only">{name}</h2>
      ) : (
        <h2 aria-label={name} className="-mb-2 text-12 font-[550] text-text-3">
          <bdi>{speaker}</bdi>
        </h2>
      )}
      {message.role === "user" && <UserMessage message={message} />}
      {message.role === "assistant" && <AssistantMessage message={message} isLive={isLive} isLast={isLast} />}
      {message.role === "system" && (
        <p dir="auto" className="rounded-medium bg-sunken px-3.5 py-2.5 text-13 whitespace-pre-wrap text-text-2">
          {textOf(message.parts)}
        </p>
      )}
    </article>
  );
});
