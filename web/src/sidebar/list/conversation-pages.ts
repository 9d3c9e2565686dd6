import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { Conversation, Me, Page } from "natter/client";

/**
 * Which of the lists: the archive, or what is not in it, pinned and not; what others share; and what is unread, of
 * those that are pinned or open.
 */
export const listNames = ["pinned", "open", "archive", "shared", "unread"] as const;
export type ListName = (typeof listNames)[number];

export type ConversationPages = InfiniteData<Page<Conversation>, string | undefined>;

export const listKey = (name: ListName): readonly string[] => ["conversations", name];

/** Whose lists they are; undefined until it is known. */
const ownerOf = (queries: QueryClient): string | undefined => queries.getQueryData<Me>(["me"])?.userId;

const listsOf = ({ status, pinned, ownerId }: Conversation, userId: string | undefined): readonly ListName[] => {
  if (userId !== undefined && ownerId !== userId) return ["shared"];
  if (status === "archived") return ["archive"];
  return [pinned ? "pinned" : "open", "unread"];
};

const without = (pages: ConversationPages, id: string): ConversationPages => ({
  ...pages,
  pages: pages.pages.map((page) => ({ ...page, data: page.data.filter((known) => known.id !== id) })),
});

const withFirst = (pages: ConversationPages, conversation: Conversation): ConversationPages => ({
  ...pages,
  pages: pages.pages.map((page, index) => (index === 0 ? { ...page, data: [conversation, ...page.data] } : page)),
});

const changeList = (
  queries: QueryClient,
  name: ListName,
  change: (pages: ConversationPages) => ConversationPages,
): void =>
  void queries.setQueryData<ConversationPages>(listKey(name), (pages) => (pages === undefined ? pages : change(pages)));

/** Every conversation that is loaded of a list, once, by last update, newest first. */
export const flattenPages = (
  pages: ConversationPages | undefined,
  name: ListName,
  userId?: string,
): readonly Conversation[] => {
  const known = new Map<string, Conversation>();
  for (const conversation of (pages?.pages ?? []).flatMap((page) => page.data)) {
    const before = known.get(conversation.id);
    if (before === undefined || before.version < conversation.version) known.set(conversation.id, conversation);
  }
  return [...known.values()]
    .filter((conversation) => listsOf(conversation, userId).includes(name))
    .toSorted((left, right) => right.updatedAt.localeCompare(left.updatedAt) || right.id.localeCompare(left.id));
};

export const findConversation = (queries: QueryClient, id: string): Conversation | undefined =>
  listNames
    .flatMap((name) => queries.getQueryData<ConversationPages>(listKey(name))?.pages ?? [])
    .flatMap((page) => page.data)
    .find((conversation) => conversation.id === id);

/** Takes a conversation out of the lists on this page. */
export const dropConversation = (queries: QueryClient, id: string): void => {
  for (const name of listNames) changeList(queries, name, (pages) => without(pages, id));
};

/** Somebody with this account has looked at it. */
export const clearUnread = (queries: QueryClient, id: string): void => {
  const cleared = (known: Conversation): Conversation =>
    known.id === id && known.unread !== false ? { ...known, unread: false } : known;
  for (const name of listNames)
    changeList(queries, name, (pages) => ({
      ...pages,
      pages: pages.pages.map((page) => ({ ...page, data: page.data.map(cleared) })),
    }));
};

/** Puts what is known of a conversation into the lists on this page, unless something newer stands there. */
export const putConversation = (queries: QueryClient, conversation: Conversation): void => {
  const known = findConversation(queries, conversation.id);
  if (known !== undefined && known.version > conversation.version) return;
  dropConversation(queries, conversation.id);
  if (conversation.deletedAt !== null || conversation.temporary) return;
  const isAsSaid = known?.unread !== undefined && known.updatedAt === conversation.updatedAt;
  const put = isAsSaid ? { ...conversation, unread: known.unread } : conversation;
  for (const name of listsOf(conversation, ownerOf(queries)))
    changeList(queries, name, (pages) => withFirst(pages, put));
};
