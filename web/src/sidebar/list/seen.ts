import type { Conversation } from "natter/client";

type Known = Pick<Conversation, "id" | "updatedAt">;

/** As of which update each conversation was seen on this device, and since when it keeps count. */
export interface Seen {
  readonly since: string;
  readonly updates: Readonly<Record<string, string>>;
}

const mostKept = 500;

/** Whether something was said in a conversation that this device has not shown; a new title is nothing said. */
export const isUnreadSince = ({ since, updates }: Seen, { id, updatedAt }: Known): boolean =>
  updatedAt > (updates[id] ?? since);

/** Whether there is an answer to be read; what was told in between does not say it. */
export const isUnread = (seen: Seen, conversation: Known & Pick<Conversation, "unread" | "activity">): boolean =>
  conversation.unread ?? (conversation.activity === "idle" && isUnreadSince(seen, conversation));

/** The same, with a conversation seen as it is; those seen longest ago are forgotten. */
export const withSeen = ({ since, updates }: Seen, { id, updatedAt }: Known): Seen => {
  const { [id]: _before, ...others } = updates;
  const kept = Object.entries(others).slice(-mostKept + 1);
  return { since, updates: Object.fromEntries([...kept, [id, updatedAt]]) };
};
