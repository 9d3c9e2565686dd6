import { Pencil } from "lucide-react";
import type { MessageView } from "natter/client";
import { Suspense, useSyncExternalStore } from "react";
import { lazyPart } from "../../ui/lazy-part.ts";
import { ActionButton } from "../../ui/button/action-button.tsx";
import { BranchArrows } from "./branch-arrows.tsx";
import { deskOf } from "../conversation-desk.ts";
import { CopyButton } from "../../ui/copy/copy-button.tsx";
import { LongText } from "./long-text.tsx";
import { Files } from "./message-parts.tsx";
import { groupParts, textOf } from "./part-groups.ts";
import { useThread } from "../thread-context.ts";
import { threadTexts } from "../thread-texts.ts";
import { UnsentNote } from "./unsent-note.tsx";

const EditBox = lazyPart(async () => (await import("./edit-box.tsx")).EditBox);

/** What a person said, with its versions; it can be said in other words in its place. */
export const UserMessage = ({ message }: { readonly message: MessageView }) => {
  const { store, isReadOnly } = useThread();
  const desk = deskOf(store);
  const isEdited = useSyncExternalStore(desk.onEdit, desk.getEdited, desk.getEdited) === message.id;
  const files = groupParts(message.parts).flatMap((group) => (group.kind === "files" ? group.parts : []));
  const text = textOf(message.parts);
  if (isEdited) {
    return (
      <Suspense>
        <EditBox key={message.id} message={message} onClose={() => desk.edit(null)} />
      </Suspense>
    );
  }
  return (
    <>
      {files.length > 0 && <Files parts={files} />}
      {text !== "" && (
        <LongText
          key={message.id}
          text={text}
          isUnsent={message.state === "unsent"}
          isSending={message.state === "sending"}
        />
      )}
      {message.state === "unsent" && <UnsentNote message={message} />}
      {message.state === "sent" && (
        <div className="flex min-h-[26px] items-center gap-0.5 text-12 text-text-3">
          <span data-quiet className="flex items-center gap-0.5">
            {isReadOnly !== true && (
              <ActionButton
                label={threadTexts.edit}
                icon={<Pencil size={16} strokeWidth={1.5} />}
                onClick={() => desk.edit(message.id)}
              />
            )}
            <CopyButton text={() => text} />
          </span>
          <BranchArrows message={message} />
        </div>
      )}
    </>
  );
};
