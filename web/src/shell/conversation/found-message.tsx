import { Quote } from "lucide-react";
import type { FoundMessage } from "natter/client";
import { sidebarTexts } from "../../sidebar/sidebar-texts.ts";
import type { Option } from "../../ui/list/option-list.tsx";
import { commandTexts } from "../commands/command-texts.ts";

const marked = ({ text, matches, isCutBefore, isCutAfter }: FoundMessage["snippet"]) => [
  isCutBefore ? "…" : "",
  ...matches.flatMap(({ start, end }, index) => [
    text.slice(matches[index - 1]?.end ?? 0, start),
    <mark key={start} className="rounded-[3px] bg-accent-soft text-accent-ink">
      {text.slice(start, end)}
    </mark>,
  ]),
  text.slice(matches.at(-1)?.end ?? 0),
  isCutAfter ? "…" : "",
];

/** A message that was found, with what was looked for marked. */
export const messageOption = ({ messageId, conversationTitle, snippet }: FoundMessage): Option => ({
  id: `message:${messageId}`,
  group: commandTexts.messages,
  content: (
    <>
      <Quote size={16} strokeWidth={1.5} aria-hidden="true" className="shrink-0" />
      <span className="min-w-0 flex-1 leading-snug">
        <span dir="auto" className="line-clamp-2 break-words">
          {marked(snippet)}
        </span>
        <span dir="auto" className="block truncate text-12 text-text-3">
          {conversationTitle ?? sidebarTexts.untitled}
        </span>
      </span>
    </>
  ),
});
