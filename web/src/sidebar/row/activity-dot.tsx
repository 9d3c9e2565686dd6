import { sidebarTexts } from "../sidebar-texts.ts";

export type Activity = "working" | "waiting" | "unread";

const looks: Readonly<Record<Activity, string>> = {
  working:
    "size-[7px] bg-live shadow-[0_0_0_1px_oklch(0.6_0.14_112/0.5),0_0_0_4px_color-mix(in_oklch,var(--live)_30%,transparent)]",
  waiting: "size-[9px] border-2 border-warn",
  unread: "size-[7px] bg-accent",
};

/** Citron: an answer is being written. An amber ring: it waits for a person. Green: one came while nobody looked. */
export const ActivityDot = ({ activity }: { readonly activity: Activity }) => (
  <span
    role="img"
    aria-label={sidebarTexts.activity[activity]}
    title={sidebarTexts.activity[activity]}
    className={`shrink-0 rounded-full ${looks[activity]}`}
  />
);
