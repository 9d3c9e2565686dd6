import type { MessageView } from "natter/client";

/** A message that a new answer belongs to. */
export interface Turn {
  readonly messageId: string;
  /** Sent from here: the person wants to see it, wherever they read. */
  readonly isOwn: boolean;
}

const isBeginning = ({ state }: MessageView): boolean =>
  state !== "finished" && state !== "cancelled" && state !== "failed";

/** The turn that began between two views of a branch; null: none. */
export const newTurn = (before: readonly MessageView[], after: readonly MessageView[]): Turn | null => {
  const known = new Set(before.map(({ id }) => id));
  const asked = after.findLast(({ role }) => role === "user");
  const last = after.at(-1);
  if (asked === undefined || last === undefined) return null;
  if (!known.has(asked.id)) {
    if (asked.state === "sending") return { messageId: asked.id, isOwn: true };
    const isAppended = before.length > 0 && asked.parentId === before.at(-1)?.id;
    return isAppended ? { messageId: asked.id, isOwn: false } : null;
  }
  const isAnsweredAgain = last.role === "assistant" && last.parentId === asked.id && !known.has(last.id);
  return isAnsweredAgain && isBeginning(last) ? { messageId: asked.id, isOwn: false } : null;
};
