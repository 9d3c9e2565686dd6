import { useMemo } from "react";
import { useAgents } from "../settings/models/use-catalogue.ts";
import { Announcer } from "./announce/announcer.tsx";
import { Earlier } from "./follow/earlier.tsx";
import { JumpToLatest } from "./follow/jump-to-latest.tsx";
import { MessageItem } from "./message/message-item.tsx";
import { speakersOf } from "./message/speakers.ts";
import { ThreadProvider, type ThreadContextValue } from "./thread-context.ts";
import { threadTexts } from "./thread-texts.ts";
import "./thread.css";
import { useConversation } from "./use-conversation.ts";
import { useFollow } from "./follow/use-follow.ts";
import { useToolLookup } from "./tools/use-tool-lookup.ts";
import { useLinkedMessage } from "./follow/use-linked-message.ts";
import { useThreadKeys } from "./use-thread-keys.ts";

export type ThreadProps = Omit<ThreadContextValue, "toolOf">;

/** The messages of a conversation, live. It takes the height that it is given and scrolls within. */
export const Thread = ({ store, isReadOnly, onFork, onShare, onChooseModel }: ThreadProps) => {
  const messages = useConversation(store, (view) => view.messages);
  const { region, content, spacer, isAway, jump, readFrom } = useFollow(store, messages);
  useLinkedMessage({ store, messages, content, readFrom });
  const toolOf = useToolLookup();
  const agents = useAgents();
  const speakers = useMemo(() => speakersOf(messages, agents), [messages, agents]);
  const context = useMemo(
    () => ({ store, isReadOnly, onFork, onShare, onChooseModel, toolOf }),
    [store, isReadOnly, onFork, onShare, onChooseModel, toolOf],
  );
  useThreadKeys(store, region);
  return (
    <ThreadProvider value={context}>
      <div className="relative flex min-h-0 flex-1 flex-col">
        <section
          ref={region}
          role="log"
          aria-live="off"
          aria-label={threadTexts.messages}
          tabIndex={0}
          className="thread min-h-0 flex-1 overflow-x-hidden overflow-y-auto overscroll-contain outline-offset-[-3px]"
        >
          <div className="relative">
            <div ref={content} className="pt-6">
              <Earlier store={store} />
              {messages.map((message, index) => (
                <MessageItem
                  key={message.parentId ?? "root"}
                  message={message}
                  speaker={speakers.get(message.id) ?? null}
                  isLast={index === messages.length - 1}
                />
              ))}
            </div>
            <div ref={spacer} />
          </div>
        </section>
        <div className="pointer-events-none absolute inset-x-0 right-3 bottom-0 h-7 bg-linear-to-t from-bg to-transparent" />
        {isAway && <JumpToLatest onJump={jump} />}
        <Announcer store={store} />
      </div>
    </ThreadProvider>
  );
};
