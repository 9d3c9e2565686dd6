import { ArrowLeft } from "lucide-react";
import { sidebarTexts } from "../sidebar-texts.ts";
import type { ConversationListProps } from "./conversation-list.tsx";

type ListName = ConversationListProps["name"];

export interface ListChoiceProps {
  readonly list: ListName;
  readonly onChoose: (list: ListName) => void;
}

const others = ["unread", "shared", "archive"] as const;
const look =
  "flex h-8 items-center gap-2 rounded-small px-2 text-12 text-text-3 hover:bg-hover hover:text-text max-wide:h-11 max-wide:text-13";

/** The ways to the other lists, and back; they stay in sight however long the list is. */
export const ListChoice = ({ list, onChoose }: ListChoiceProps) => (
  <div className="flex shrink-0 flex-wrap justify-between py-1">
    {list === "open" ? (
      others.map((name) => (
        <button key={name} type="button" onClick={() => onChoose(name)} className={look}>
          {sidebarTexts.lists[name]}
        </button>
      ))
    ) : (
      <button type="button" onClick={() => onChoose("open")} className={look}>
        <ArrowLeft size={14} strokeWidth={1.5} aria-hidden="true" />
        {sidebarTexts.backToOpen}
      </button>
    )}
  </div>
);
