import { Ellipsis, GitFork, RotateCw } from "lucide-react";
import type { MessageView } from "natter/client";
import { DemoMark } from "../settings/demo-mark.tsx";
import { Menu } from "../ui/menu.tsx";
import { ActionButton } from "./action-button.tsx";
import { AnswerDetails } from "./answer-details.tsx";
import { BranchArrows } from "./branch-arrows.tsx";
import { CopyButton } from "./copy-button.tsx";
import { textOf } from "./part-groups.ts";
import { useThread } from "./thread-context.ts";
import { threadTexts } from "./thread-texts.ts";
import { useAnswerAgain } from "./use-answer-again.ts";
import { VoteButtons } from "./vote-buttons.tsx";

/** The model that plays a model, and says so. */
const demoModel = "natter/demo";

/** What can be done with an answer that has ended. */
export const AnswerActions = ({ message }: { readonly message: MessageView }) => {
  const { onFork } = useThread();
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
        <ActionButton
          label={threadTexts.tryAgain}
          icon={<RotateCw size={16} strokeWidth={1.5} />}
          onClick={() => void again()}
        />
        {onFork !== undefined && (
          <Menu
            trigger={<ActionButton label={threadTexts.more} icon={<Ellipsis size={16} strokeWidth={1.5} />} />}
            actions={[
              {
                label: threadTexts.fork,
                icon: <GitFork size={16} strokeWidth={1.5} />,
                onSelect: () => onFork(message.id),
              },
            ]}
          />
        )}
      </span>
      <span data-details>
        <AnswerDetails message={message} />
      </span>
    </div>
  );
};
