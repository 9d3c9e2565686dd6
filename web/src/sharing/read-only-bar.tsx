import { useQuery } from "@tanstack/react-query";
import type { Conversation } from "natter/client";
import { useState, type ReactNode } from "react";
import { basePath } from "../shell/base-path.ts";
import { conversationPath } from "../shell/conversation/conversation-path.ts";
import { useNatter } from "../shell/natter-context.ts";
import { rememberWorkspace } from "../shell/workspace-choice.ts";
import { useConversationActions } from "../sidebar/conversation-actions-provider.tsx";
import { Button } from "../ui/button/button.tsx";
import { messageOf } from "../ui/message-of.ts";
import { notify } from "../ui/notice/notices.ts";
import { useMayShare } from "./use-may-share.ts";
import { readOnlyTexts } from "./read-only-texts.ts";

const Bar = ({ text, children }: { readonly text: string; readonly children?: ReactNode }) => (
  <div className="mx-auto w-full max-w-[736px] px-7 pb-6 max-wide:px-[18px]">
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-large border border-line bg-surface px-4 py-3">
      <p className="text-pretty text-text-2">{text}</p>
      {children}
    </div>
  </div>
);

/** Goes on in a copy, in a workspace where this person may write. */
const OwnCopy = ({ conversationId }: { readonly conversationId: string }) => {
  const { workspaces, conversations } = useNatter();
  const [isCopying, setIsCopying] = useState(false);
  const known = useQuery({ queryKey: ["workspaces"], queryFn: () => workspaces.list(), staleTime: 60_000 });
  const place = known.data?.data.find(({ role }) => role !== "reader");
  if (place === undefined) return null;
  const copy = async (): Promise<void> => {
    setIsCopying(true);
    try {
      const copied = await conversations.copy(conversationId, place.id);
      rememberWorkspace(place.id);
      location.assign(`${basePath}${conversationPath(copied.id)}`);
    } catch (error) {
      notify(messageOf(error), { tone: "danger" });
      setIsCopying(false);
    }
  };
  return (
    <Button look="primary" disabled={isCopying} onClick={() => void copy()}>
      {isCopying ? readOnlyTexts.copying : readOnlyTexts.ownCopy}
    </Button>
  );
};

/** Stands where the message box would, for somebody who may only read. */
export const ReaderBar = ({ conversation }: { readonly conversation: Conversation | null }) =>
  conversation === null ? (
    <Bar text={readOnlyTexts.newAsReader} />
  ) : (
    <Bar text={readOnlyTexts.reader}>
      <OwnCopy conversationId={conversation.id} />
    </Bar>
  );

/** Stands there in the archive: whoever may moves it back, everybody else goes on in a copy. */
export const ArchivedBar = ({ conversation }: { readonly conversation: Conversation }) => {
  const { unarchive } = useConversationActions();
  const mayChange = useMayShare(conversation);
  return (
    <Bar text={readOnlyTexts.archived}>
      {mayChange ? (
        <Button onClick={() => unarchive(conversation)}>{readOnlyTexts.moveBack}</Button>
      ) : (
        <OwnCopy conversationId={conversation.id} />
      )}
    </Bar>
  );
};
