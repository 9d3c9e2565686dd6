import type { ConversationStore, LiveView } from "natter/client";
import { formatElapsed } from "../thread/answer/format-amounts.ts";
import { useConversation } from "../thread/use-conversation.ts";
import { useNow } from "../thread/use-now.ts";
import { composerTexts } from "./composer-texts.ts";

const wordsOf = ({ phase, tool }: LiveView): string => {
  if (phase === "waiting") return composerTexts.waitingForYou;
  if (phase === "streaming") return composerTexts.writing;
  return phase === "tool-running" && tool !== null ? composerTexts.using(tool) : composerTexts.thinking;
};

const looks = {
  working: "size-2 animate-pulse-live bg-live shadow-[0_0_0_1px_oklch(0.6_0.14_112/0.5)]",
  waiting: "size-[9px] border-2 border-warn",
  lost: "size-2 bg-edge",
};

/** What the answer that is being written does, and for how long. */
export const RunStatus = ({ store }: { readonly store: ConversationStore }) => {
  const live = useConversation(store, (view) => view.live);
  const isConnected = useConversation(store, (view) => view.connection === "connected");
  const isWaiting = live?.phase === "waiting";
  const now = useNow(live !== null && !isWaiting);
  if (live === null) return null;
  const look = !isConnected ? looks.lost : isWaiting ? looks.waiting : looks.working;
  const words = isWaiting ? wordsOf(live) : `${wordsOf(live)} · ${formatElapsed(now - live.since)}`;
  return (
    <span className="mr-2 flex items-center gap-2 text-13 whitespace-nowrap text-text-3 tabular-nums">
      <span className={`rounded-full ${look}`} />
      {isConnected ? words : composerTexts.reconnecting}
    </span>
  );
};
