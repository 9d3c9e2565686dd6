import { useQueryClient } from "@tanstack/react-query";
import type { Conversation } from "natter/client";
import { useState } from "react";
import { PageSection } from "../ui/page/page-section.tsx";
import { Refusal } from "../ui/page/refusal.tsx";
import { useDeed } from "../ui/page/use-deed.ts";
import { useNatter } from "../shell/natter-context.ts";
import { putConversation } from "../sidebar/list/conversation-pages.ts";
import { Choice } from "../ui/form/choice.tsx";
import { Dialog } from "../ui/overlay/dialog.tsx";
import { ShareLinks } from "./share-links.tsx";
import type { ShareTarget } from "./share-target.ts";
import { shareTexts } from "./share-texts.ts";

export interface ShareDialogProps {
  readonly target: ShareTarget;
  readonly onClose: () => void;
}

const visibilities = [
  { value: "private", label: shareTexts.visibilities.private },
  { value: "workspace", label: shareTexts.visibilities.workspace },
] as const;

const VisibilityChoice = ({ conversation }: { readonly conversation: Conversation }) => {
  const { conversations } = useNatter();
  const queries = useQueryClient();
  const deed = useDeed();
  const [visibility, setVisibility] = useState(conversation.visibility);
  const change = async (wanted: Conversation["visibility"]): Promise<void> => {
    const changed = await conversations.change(conversation.id, { visibility: wanted });
    setVisibility(changed.visibility);
    putConversation(queries, changed);
  };
  return (
    <>
      <Choice
        label={shareTexts.visibility}
        value={visibility}
        options={visibilities}
        onChange={(wanted) => deed.act(() => change(wanted))}
      />
      <p className="text-13 text-pretty text-text-3">{shareTexts.visibilityHints[visibility]}</p>
      <Refusal error={deed.error} />
    </>
  );
};

/** Who else may read a conversation: the workspace, and anybody with a link. */
export const ShareDialog = ({ target, onClose }: ShareDialogProps) => {
  const { conversation } = target;
  return (
    <Dialog title={shareTexts.title} onClose={onClose} className="wide:w-[min(560px,calc(100vw-32px))]">
      <div className="min-h-0 overflow-y-auto overscroll-contain px-5 pb-6">
        <p dir="auto" className="mb-2 truncate text-13 text-text-3">
          {conversation.title}
        </p>
        {conversation.temporary ? (
          <p className="text-pretty">{shareTexts.temporary}</p>
        ) : (
          <>
            <VisibilityChoice conversation={conversation} />
            <PageSection title={shareTexts.links}>
              <ShareLinks target={target} />
            </PageSection>
          </>
        )}
      </div>
    </Dialog>
  );
};
