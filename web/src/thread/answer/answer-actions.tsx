import { Ellipsis, GitFork, RotateCw, Share } from "lucide-react";
import type { MessageView } from "natter/client";
import { DemoMark } from "../../settings/models/demo-mark.tsx";
import { shareMenuTexts } from "../../sharing/share-menu-texts.ts";
import { Menu, type MenuAction } from "../../ui/overlay/menu.tsx";
import { ActionButton } from "../../ui/button/action-button.tsx";
import { AnswerDetails } from "./answer-details.tsx";
import { BranchArrows } from "../message/branch-arrows.tsx";
import { CopyButton } from "../../ui/copy/copy-button.tsx";
import { textOf } from "../message/part-groups.ts";
import { useThread } from "../thread-context.ts";
import { threadTexts } from "../thread-texts.ts";
import { useAnswerAgain } from "./use-answer-again.ts";
import { VoteButtons } from "./vote-buttons.tsx";

/** The model that plays a model, and says so. */
const demoModel = "natter/demo";

const icon = { size: 16, strokeWidth: 1.5 };

/** What can be done with an answer that has ended. */
export const AnswerActions = ({ message }: { readonly message: MessageView }) => {
  const { isReadOnly, onFork, onShare } = useThread();
  const actions: MenuAction[] = [
    ...(onFork === undefined
      ? []
      : [{ label: threadTexts.fork, icon: <GitFork {...icon} />, onSelect: () => onFork(message.id) }]),
    ...(onShare === undefined
      ? []
      : [
          { label: `${shareMenuTexts.shareUpToHere}…`, icon: <Share {...icon} />, onSelect: () => onShare(message.id) },
        ]),
  ];
  const again = useAnswerAgain(message);
  return (
    <div className="-ml-1.5 flex min-h-[26px] flex-wrap items-center text-12 text-text-3 tabular-nums">
      {message.completion?.model === demoModel && (
        <span className="mr-2 ml-1.5 flex items-center gap-1.5 whitespace-nowrap">
          {demoModel} <DemoMark />
        </span>
      )}
      <BranchArrows message={message} />
      <span data-quiet className="flex items-center">
        <CopyButton text={() => textOf(message.parts)} />
        <VoteButtons message={message} />
        {isReadOnly !== true && (
          <ActionButton label={threadTexts.tryAgain} icon={<RotateCw {...icon} />} onClick={() => void again()} />
        )}
        {actions.length > 0 && (
          <Menu trigger={<ActionButton label={threadTexts.more} icon={<Ellipsis {...icon} />} />} actions={actions} />
        )}
      </span>
      <span data-details>
        <AnswerDetails message={message} />
      </span>
    </div>
  );
};
