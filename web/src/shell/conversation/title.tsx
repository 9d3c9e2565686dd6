import type { Conversation } from "natter/client";
import { useState } from "react";
import { useMayShare } from "../../sharing/use-may-share.ts";
import { RenameField } from "../../sidebar/row/rename-field.tsx";
import { useConversationActions } from "../../sidebar/conversation-actions-provider.tsx";
import { useReturnFocus } from "../../ui/overlay/use-return-focus.ts";
import { shellTexts } from "../shell-texts.ts";

/** The title of the conversation, to be changed in its place. */
export const Title = ({ conversation }: { readonly conversation: Conversation | null }) => {
  const [isRenaming, setIsRenaming] = useState(false);
  const { rename } = useConversationActions();
  const mayRename = useMayShare(conversation);
  const button = useReturnFocus<HTMLButtonElement>(isRenaming);
  const title = conversation?.title ?? shellTexts.untitled;
  if (conversation !== null && isRenaming) {
    return (
      <>
        <h1 className="sr-only">{title}</h1>
        <RenameField
          title={title}
          className="max-w-[360px] font-semibold max-wide:hidden"
          onDone={(next) => {
            setIsRenaming(false);
            if (next !== null) rename(conversation, next);
          }}
        />
      </>
    );
  }
  return (
    <h1 className="min-w-0 text-14 font-semibold max-wide:sr-only">
      {conversation === null || !mayRename ? (
        <span className="block truncate px-2">{title}</span>
      ) : (
        <button
          ref={button}
          type="button"
          dir="auto"
          title={shellTexts.editTitle}
          onClick={() => setIsRenaming(true)}
          className="block h-[30px] max-w-full truncate rounded-small px-2 hover:bg-hover"
        >
          {title}
        </button>
      )}
    </h1>
  );
};
