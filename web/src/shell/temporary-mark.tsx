import { Hourglass } from "lucide-react";
import type { Conversation, ConversationStore } from "natter/client";
import { useConversation } from "../thread/use-conversation.ts";
import { shellTexts } from "./shell-texts.ts";

export interface TemporaryMarkProps {
  readonly store: ConversationStore;
  readonly conversation: Conversation | null;
}

const look =
  "flex h-8 shrink-0 items-center gap-1.5 rounded-small px-2 text-13 max-wide:size-10 max-wide:justify-center max-wide:px-0";

/** Whether a conversation is temporary; before its first message it is chosen here. */
export const TemporaryMark = ({ store, conversation }: TemporaryMarkProps) => {
  const isDrafted = useConversation(store, ({ draft }) => draft.temporary === true);
  const isNew = useConversation(store, ({ load, messages }) => load === "new" && messages.length === 0);
  const sign = <Hourglass size={15} strokeWidth={1.5} aria-hidden="true" />;
  if (isNew && conversation === null)
    return (
      <button
        type="button"
        aria-pressed={isDrafted}
        title={shellTexts.temporaryHint}
        onClick={() => store.draft({ temporary: !isDrafted })}
        className={`${look} text-text-2 transition-colors duration-(--fast) hover:bg-hover hover:text-text aria-pressed:bg-accent-soft aria-pressed:text-accent-ink`}
      >
        {sign}
        <span className="max-wide:sr-only">{shellTexts.temporary}</span>
      </button>
    );
  if (conversation?.temporary !== true) return null;
  return (
    <span title={shellTexts.temporaryHint} className={`${look} text-accent-ink`}>
      {sign}
      <span className="max-wide:sr-only">{shellTexts.temporary}</span>
    </span>
  );
};
