import { PanelLeft, SquarePen } from "lucide-react";
import type { Conversation, ConversationStore } from "natter/client";
import { ConversationSettings } from "../settings/conversation-settings.tsx";
import { ModelSelector } from "../settings/model-selector.tsx";
import type { Choices } from "../settings/use-choices.ts";
import { IconButton } from "../ui/icon-button.tsx";
import { sidebarTexts } from "../sidebar/sidebar-texts.ts";
import { useFrame } from "./frame-context.ts";
import { PresentPeople } from "./present-people.tsx";
import { shellTexts } from "./shell-texts.ts";
import { Title } from "./title.tsx";

export interface ConversationHeaderProps {
  readonly store: ConversationStore;
  readonly conversation: Conversation | null;
  readonly choices: Choices;
  readonly isChoosingModel: boolean;
  readonly onChoosingModel: (isChoosing: boolean) => void;
}

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true };

/** What a conversation is called, what answers in it, and how. */
export const ConversationHeader = (props: ConversationHeaderProps) => {
  const { store, conversation, choices, isChoosingModel, onChoosingModel } = props;
  const { isSidebarShown, showSidebar, startNew } = useFrame();
  return (
    <header data-region="header" className="flex h-14 shrink-0 items-center gap-1 pe-3 ps-3 max-wide:px-2">
      {!isSidebarShown && (
        <IconButton label={shellTexts.showSidebar} icon={<PanelLeft {...icon} />} onClick={showSidebar} />
      )}
      <Title conversation={conversation} />
      <ModelSelector choices={choices} isOpen={isChoosingModel} onOpenChange={onChoosingModel} />
      <span className="flex-1" />
      <PresentPeople store={store} />
      <ConversationSettings conversationId={conversation?.id ?? null} choices={choices} />
      {!isSidebarShown && conversation !== null && (
        <IconButton label={sidebarTexts.newConversation} icon={<SquarePen {...icon} />} onClick={startNew} />
      )}
    </header>
  );
};
