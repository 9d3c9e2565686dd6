import { PanelLeft, Share, SquarePen } from "lucide-react";
import type { Conversation, ConversationStore } from "natter/client";
import { ArtifactsButton } from "../../artifacts/artifacts-button.tsx";
import { ConversationSettings } from "../../settings/conversation/conversation-settings.tsx";
import { ModelSelector } from "../../settings/models/model-selector.tsx";
import type { Choices } from "../../settings/models/use-choices.ts";
import { shareMenuTexts } from "../../sharing/share-menu-texts.ts";
import { IconButton } from "../../ui/button/icon-button.tsx";
import { sidebarTexts } from "../../sidebar/sidebar-texts.ts";
import { useFrame } from "../frame/frame-context.ts";
import { PresentPeople } from "./present-people.tsx";
import { shellTexts } from "../shell-texts.ts";
import { TemporaryMark } from "../temporary-mark.tsx";
import { Title } from "./title.tsx";

export interface ConversationHeaderProps {
  readonly store: ConversationStore;
  readonly conversation: Conversation | null;
  readonly choices: Choices;
  readonly isChoosingModel: boolean;
  readonly onChoosingModel: (isChoosing: boolean) => void;
  /** Null: this person may not. */
  readonly onShare: (() => void) | null;
}

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true };

/** What a conversation is called, what answers in it, and how. */
export const ConversationHeader = (props: ConversationHeaderProps) => {
  const { store, conversation, choices, isChoosingModel, onChoosingModel, onShare } = props;
  const { isSidebarShown, showSidebar, startNew } = useFrame();
  return (
    <header data-region="header" className="flex h-14 shrink-0 items-center gap-1 pe-3 ps-3 max-wide:px-2">
      {!isSidebarShown && (
        <IconButton label={shellTexts.showSidebar} icon={<PanelLeft {...icon} />} onClick={showSidebar} />
      )}
      <Title conversation={conversation} />
      <ModelSelector choices={choices} isOpen={isChoosingModel} onOpenChange={onChoosingModel} />
      <span className="flex-1" />
      <TemporaryMark store={store} conversation={conversation} />
      <PresentPeople store={store} />
      {onShare !== null && (
        <button
          type="button"
          onClick={() => onShare()}
          className="flex h-8 shrink-0 items-center gap-2 rounded-small px-2.5 text-13 font-[520] text-text-2 transition-colors duration-(--fast) hover:bg-hover hover:text-text max-wide:size-10 max-wide:justify-center max-wide:px-0"
        >
          <Share {...icon} />
          <span className="max-wide:sr-only">{shareMenuTexts.share}</span>
        </button>
      )}
      {choices.mayChange && <ConversationSettings conversationId={conversation?.id ?? null} choices={choices} />}
      {conversation !== null && <ArtifactsButton />}
      {!isSidebarShown && conversation !== null && (
        <IconButton label={sidebarTexts.newConversation} icon={<SquarePen {...icon} />} onClick={startNew} />
      )}
    </header>
  );
};
