import { useInfiniteQuery } from "@tanstack/react-query";
import type { Conversation, ConversationQuery, Page } from "natter/client";
import { useMemo } from "react";
import { useNatter } from "../../shell/natter-context.ts";
import { useMe } from "../../shell/use-me.ts";
import { flattenPages, listKey, type ConversationPages, type ListName } from "./conversation-pages.ts";

const pageSize = 40;

const queries: Readonly<Record<ListName, ConversationQuery>> = {
  pinned: { pinned: true },
  open: { pinned: false },
  archive: { status: "archived" },
  shared: { shared: true },
  unread: { unread: true },
};

/** A list of conversations, as far as it is loaded. */
export interface LoadedConversations {
  readonly conversations: readonly Conversation[];
  readonly isPending: boolean;
  readonly isFailed: boolean;
  readonly hasMore: boolean;
  loadMore(this: void): void;
}

/** The conversations of this person, by last update, page by page. */
export const useConversations = (name: ListName): LoadedConversations => {
  const client = useNatter();
  const userId = useMe()?.userId;
  const query = useInfiniteQuery<Page<Conversation>, Error, ConversationPages, readonly string[], string | undefined>({
    queryKey: listKey(name),
    initialPageParam: undefined,
    queryFn: ({ pageParam }) => client.conversations.list({ ...queries[name], limit: pageSize, cursor: pageParam }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 30_000,
  });
  const { data, isPending, isError, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const conversations = useMemo(() => flattenPages(data, name, userId), [data, name, userId]);
  return {
    conversations,
    isPending,
    isFailed: isError && data === undefined,
    hasMore: hasNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
  };
};
