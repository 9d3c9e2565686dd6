import type { Conversation } from "natter/client";
import { memo, useState } from "react";
import { Link } from "wouter";
import { conversationPath } from "../../shell/conversation/conversation-path.ts";
import { classNames } from "../../ui/class-names.ts";
import { useReturnFocus } from "../../ui/overlay/use-return-focus.ts";
import { ActivityDot, type Activity } from "./activity-dot.tsx";
import { LandedChip } from "./landed-chip.tsx";
import { RenameField } from "./rename-field.tsx";
import { RowMenu } from "./row-menu.tsx";
import { sidebarTexts } from "../sidebar-texts.ts";
import { useConversationActions } from "../conversation-actions-provider.tsx";

export interface ConversationRowProps {
  readonly conversation: Conversation;
  readonly activity: Activity | null;
  /** The tool whose result came while nobody looked; null: none did. */
  readonly landed: string | null;
  readonly isCurrent: boolean;
}

/** A conversation in the sidebar. */
export const ConversationRow = memo(({ conversation, activity, landed, isCurrent }: ConversationRowProps) => {
  const [isRenaming, setIsRenaming] = useState(false);
  const link = useReturnFocus<HTMLAnchorElement>(isRenaming);
  const { rename } = useConversationActions();
  const title = conversation.title ?? sidebarTexts.untitled;
  if (isRenaming) {
    return (
      <li className="flex h-[34px] items-center max-wide:h-11">
        <RenameField
          title={title}
          onDone={(next) => {
            setIsRenaming(false);
            if (next !== null) rename(conversation, next);
          }}
        />
      </li>
    );
  }
  return (
    <li className="group relative [contain-intrinsic-size:auto_34px] [content-visibility:auto]">
      <Link
        ref={link}
        href={conversationPath(conversation.id)}
        aria-current={isCurrent ? "page" : undefined}
        className={classNames(
          "flex h-[34px] items-center gap-2 rounded-small pe-2.5 ps-2.5 -outline-offset-2 group-focus-within:pe-9 group-hover:bg-hover group-hover:pe-9 max-wide:h-11 pointer-coarse:pe-11",
          isCurrent ? "bg-hover font-[550] text-text" : "text-text-2",
        )}
      >
        <span dir="auto" className="min-w-0 flex-1 truncate">
          {title}
        </span>
        {landed !== null && <LandedChip tool={landed} />}
        {activity !== null && <ActivityDot activity={activity} />}
      </Link>
      <RowMenu
        conversation={conversation}
        onRename={() => setIsRenaming(true)}
        className="absolute inset-e-1 top-1/2 grid size-[26px] -translate-y-1/2 place-items-center rounded-small text-text-3 opacity-0 group-hover:opacity-100 hover:text-text focus-visible:opacity-100 aria-expanded:opacity-100 pointer-coarse:size-10 pointer-coarse:opacity-100"
      />
    </li>
  );
});
