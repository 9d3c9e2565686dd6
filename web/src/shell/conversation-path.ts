/** The page of a conversation; null: of a new one. */
export const conversationPath = (id: string | null): string => (id === null ? "/" : `/c/${encodeURIComponent(id)}`);
