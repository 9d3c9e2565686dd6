import type { Conversation } from "natter/client";

export const groupNames = ["pinned", "today", "yesterday", "week", "earlier"] as const;
export type GroupName = (typeof groupNames)[number];

export interface ConversationGroup {
  readonly name: GroupName;
  readonly conversations: readonly Conversation[];
}

const startOfDay = (time: Date, daysBack: number): number =>
  new Date(time.getFullYear(), time.getMonth(), time.getDate() - daysBack).getTime();

/** Conversations by the calendar of this device, newest first; those that are pinned stand above. */
export const groupByDate = (conversations: readonly Conversation[], now: Date): readonly ConversationGroup[] => {
  const [today, yesterday, week] = [startOfDay(now, 0), startOfDay(now, 1), startOfDay(now, 7)];
  const groupOf = ({ pinned, updatedAt }: Conversation): GroupName => {
    const time = Date.parse(updatedAt);
    if (pinned) return "pinned";
    if (time >= today) return "today";
    if (time >= yesterday) return "yesterday";
    return time >= week ? "week" : "earlier";
  };
  const groups = Map.groupBy(conversations, groupOf);
  return groupNames.flatMap((name) => {
    const members = groups.get(name) ?? [];
    return members.length === 0 ? [] : [{ name, conversations: members }];
  });
};
