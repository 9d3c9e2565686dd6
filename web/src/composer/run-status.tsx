import type { ConversationStore, LiveView } from "natter/client";
import { formatElapsed } from "../thread/format-amounts.ts";
import { useConversation } from "../thread/use-conversation.ts";
import { useNow } from "../thread/use-now.ts";
import { composerTexts } from "./composer-texts.ts";

const wordsOf = ({ phase, tool }: LiveView): string => {
  if (phase === "streaming") return composerTexts.writing;
  return phase === "tool-running" && tool !== null ? composerTexts.using(tool) : composerTexts.thinking;
};

const dot = "size-2 rounded-full";

/** What the answer that is being written does, and for how long. */
export const RunStatus = ({ store }: { readonly store: ConversationStore }) => {
  const live = useConversation(store, (view) => view.live);
  const isConnected = useConversation(store, (view) => view.connection === "connected");
  const now = useNow(live !== null);
  if (live === null) return null;
  return (
    <span className="mr-2 flex items-center gap-2 text-13 whitespace-nowrap text-text-3 tabular-nums">
      {isConnected ? (
        <span className={`${dot} animate-pulse-live bg-live shadow-[0_0_0_1px_oklch(0.6_0.14_112/0.5)]`} />
      ) : (
        <span className={`${dot} bg-edge`} />
      )}
      {isConnected ? `${wordsOf(live)} · ${formatElapsed(now - live.since)}` : composerTexts.reconnecting}
    </span>
  );
};
