import type { ConversationStore } from "natter/client";
import { Suspense } from "react";
import { useConversation } from "../../thread/use-conversation.ts";
import { lazyPart } from "../../ui/lazy-part.ts";
import { composerTexts } from "../composer-texts.ts";

const WaitingRow = lazyPart(async () => (await import("./waiting-row.tsx")).WaitingRow);

/** The messages that wait for their turn. */
export const WaitingTray = ({ store }: { readonly store: ConversationStore }) => {
  const waiting = useConversation(store, (view) => view.waiting);
  if (waiting.length === 0) return null;
  return (
    <ul
      aria-label={composerTexts.waiting}
      className="mx-3.5 max-h-40 overflow-y-auto rounded-t-medium border border-b-0 border-line bg-sunken"
    >
      <Suspense>
        {waiting.map((entry) => (
          <WaitingRow key={entry.id} store={store} entry={entry} />
        ))}
      </Suspense>
    </ul>
  );
};
