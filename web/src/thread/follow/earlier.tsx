import type { ConversationStore } from "natter/client";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../ui/button/button.tsx";
import { noPlace } from "./reading-place.ts";
import { threadTexts } from "../thread-texts.ts";
import { useConversation } from "../use-conversation.ts";

/** How far above what is shown the next page is fetched. */
const reach = "1200px";

/** The upper end of what is loaded: coming near it loads the page above. */
export const Earlier = ({ store }: { readonly store: ConversationStore }) => {
  const mark = useRef<HTMLDivElement>(null);
  const [hasFailed, setHasFailed] = useState(false);
  const hasEarlier = useConversation(store, (view) => view.hasEarlier);
  const isLoading = useConversation(store, (view) => view.isLoadingEarlier);
  const firstId = useConversation(store, ({ messages }) => messages[0]?.id);
  useEffect(() => {
    const element = mark.current;
    if (element === null || !hasEarlier || isLoading || hasFailed) return;
    const look = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        store.loadEarlier().catch((error: unknown) => {
          console.warn("earlier messages were not loaded", error);
          setHasFailed(true);
        });
      },
      { root: element.closest("[role=log]"), rootMargin: `${reach} 0px 0px` },
    );
    look.observe(element);
    return () => look.disconnect();
  }, [store, firstId, hasEarlier, isLoading, hasFailed]);
  if (!hasEarlier) return null;
  return (
    <div
      ref={mark}
      {...{ [noPlace]: "" }}
      className="flex h-10 [overflow-anchor:none] items-center justify-center gap-3 text-13 text-text-3"
    >
      {hasFailed ? (
        <>
          {threadTexts.earlierFailed}
          <Button className="h-[28px] px-2.5 text-13" onClick={() => setHasFailed(false)}>
            {threadTexts.retry}
          </Button>
        </>
      ) : (
        <span className="sr-only">{threadTexts.earlier}</span>
      )}
    </div>
  );
};
