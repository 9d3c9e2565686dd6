import type { Conversation } from "natter/client";
import { useMemo } from "react";
import { Button } from "../../ui/button/button.tsx";
import { EndSentinel } from "../../ui/list/end-sentinel.tsx";
import type { Activity } from "../row/activity-dot.tsx";
import { ConversationRow } from "../row/conversation-row.tsx";
import type { ListName } from "./conversation-pages.ts";
import { groupByDate } from "./group-by-date.ts";
import { ListSkeleton } from "./list-skeleton.tsx";
import { useSeen } from "./seen-conversations.ts";
import { useLanded } from "../row/landed-results.ts";
import { isUnread, type Seen } from "./seen.ts";
import { sidebarTexts } from "../sidebar-texts.ts";
import { useConversations } from "./use-conversations.ts";
import { useToday } from "./use-today.ts";

export interface ConversationListProps {
  readonly name: Exclude<ListName, "pinned">;
  readonly currentId: string | null;
}

const activityOf = (conversation: Conversation, seen: Seen, isCurrent: boolean): Activity | null => {
  if (conversation.activity !== "idle") return conversation.activity;
  return !isCurrent && isUnread(seen, conversation) ? "unread" : null;
};

/** The conversations, grouped by date, loaded further as the list is scrolled. */
export const ConversationList = ({ name, currentId }: ConversationListProps) => {
  const pinned = useConversations("pinned");
  const others = useConversations(name);
  const { isPending, isFailed, hasMore, loadMore } = others;
  const seen = useSeen();
  const conversations = useMemo(() => {
    if (name === "open") return [...pinned.conversations, ...others.conversations];
    // the one that is shown has just been read
    if (name === "unread") return others.conversations.filter((one) => one.id === currentId || isUnread(seen, one));
    return others.conversations;
  }, [name, pinned.conversations, others.conversations, seen, currentId]);
  const landed = useLanded();
  const today = useToday();
  const groups = useMemo(() => groupByDate(conversations, today), [conversations, today]);
  if (isPending) return <ListSkeleton />;
  if (isFailed) {
    return (
      <div className="flex flex-col items-start gap-2 px-2.5 py-4 text-text-3">
        {sidebarTexts.failed}
        <Button onClick={loadMore}>{sidebarTexts.tryAgain}</Button>
      </div>
    );
  }
  return (
    <>
      {conversations.length === 0 && <p className="px-2.5 py-4 text-13 text-text-3">{sidebarTexts.empties[name]}</p>}
      {groups.map((group) => (
        <section key={group.name} aria-labelledby={`group-${group.name}`}>
          <h2
            id={`group-${group.name}`}
            className="mx-2.5 mt-[18px] mb-[7px] text-12 leading-none font-[550] text-text-3"
          >
            {sidebarTexts.groups[group.name]}
          </h2>
          <ul>
            {group.conversations.map((conversation) => (
              <ConversationRow
                key={conversation.id}
                conversation={conversation}
                isCurrent={conversation.id === currentId}
                landed={conversation.id === currentId ? null : (landed[conversation.id] ?? null)}
                activity={activityOf(conversation, seen, conversation.id === currentId)}
              />
            ))}
          </ul>
        </section>
      ))}
      {hasMore && <EndSentinel onReached={loadMore} />}
    </>
  );
};
