import type { LiveView } from "natter/client";
import { formatElapsed } from "./format-amounts.ts";
import { useThread } from "../thread-context.ts";
import { threadTexts } from "../thread-texts.ts";
import { useConversation } from "../use-conversation.ts";
import { useLater } from "../use-later.ts";
import { useNow } from "../use-now.ts";

const recoveredFor = 5_000;
const note = "text-13 text-text-3 tabular-nums";

const Thinking = ({ since }: { readonly since: number }) => {
  const now = useNow(true);
  return (
    <p className={note}>
      {threadTexts.thinking} {formatElapsed(now - since)}
    </p>
  );
};

/** What is to be said of the answer that is being written, besides what it says. */
export const LiveNote = ({ live, isSilent }: { readonly live: LiveView | null; readonly isSilent: boolean }) => {
  const { store } = useThread();
  const isInterrupted = useLater(useConversation(store, ({ connection }) => connection) === "interrupted", 2_000);
  const wasRecovered = live?.wasRecovered === true;
  const isOldNews = useLater(wasRecovered, recoveredFor);
  if (isInterrupted) return <p className={note}>{threadTexts.reconnecting}</p>;
  if (wasRecovered && !isOldNews) return <p className={note}>{threadTexts.recovered}</p>;
  if (!isSilent || live?.phase === "waiting") return null;
  return live === null ? <p className={note}>{threadTexts.starting}</p> : <Thinking since={live.phaseSince} />;
};
