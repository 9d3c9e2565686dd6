import type { ConversationStore } from "natter/client";
import { listNames, othersOf } from "../shell/conversation/other-people.ts";
import { useMe } from "../shell/use-me.ts";
import { useConversation } from "../thread/use-conversation.ts";
import { classNames } from "../ui/class-names.ts";
import { composerTexts } from "./composer-texts.ts";

export interface FinePrintProps {
  readonly store: ConversationStore;
  /** Whether the demo model will answer. */
  readonly isDemo: boolean;
}

/** The line below the box: who writes at the moment, else what to think of answers. */
export const FinePrint = ({ store, isDemo }: FinePrintProps) => {
  const presence = useConversation(store, (view) => view.presence);
  const writers = othersOf(presence, useMe()?.userId).filter(({ isWriting }) => isWriting);
  const isQuiet = writers.length === 0;
  return (
    <p
      className={classNames(
        "mt-[7px] truncate text-center text-12 text-text-3",
        isQuiet && !isDemo && "max-wide:hidden",
      )}
    >
      {isQuiet && (isDemo ? composerTexts.demo : composerTexts.canBeWrong)}
      {!isQuiet && (
        <span dir="auto" className="text-text-2">
          {composerTexts.isWriting(listNames(writers), writers.length)}
        </span>
      )}
    </p>
  );
};
