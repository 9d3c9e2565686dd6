/** The page of a conversation; null: of a new one. */
export const conversationPath = (id: string | null): string => (id === null ? "/" : `/c/${encodeURIComponent(id)}`);

/** The place of a message in it. */
export const messagePath = (conversationId: string, messageId: string): string =>
  `${conversationPath(conversationId)}#${encodeURIComponent(messageId)}`;
