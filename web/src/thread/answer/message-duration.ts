import type { MessageView } from "natter/client";

/** Milliseconds that an answer took to write; null: it did not begin, or has not ended. */
export const durationOf = ({ completion }: Pick<MessageView, "completion">): number | null => {
  const { startedAt, finishedAt } = completion?.timing ?? { startedAt: null, finishedAt: null };
  return startedAt === null || finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt);
};
