import type { ConversationStore } from "natter/client";
import { useConversation } from "../thread/use-conversation.ts";
import { composerTexts } from "./composer-texts.ts";
import { WaitingRow } from "./waiting-row.tsx";

/** The messages that wait for their turn. */
export const WaitingTray = ({ store }: { readonly store: ConversationStore }) => {
  const waiting = useConversation(store, (view) => view.waiting);
  if (waiting.length === 0) return null;
  return (
    <ul
      aria-label={composerTexts.waiting}
      className="mx-3.5 max-h-40 overflow-y-auto rounded-t-medium border border-b-0 border-line bg-sunken"
    >
      {waiting.map((entry) => (
        <WaitingRow key={entry.id} store={store} entry={entry} />
      ))}
    </ul>
  );
};
