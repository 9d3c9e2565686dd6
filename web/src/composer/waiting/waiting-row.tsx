import { ArrowUp, CircleAlert, Clock, Pencil, RotateCw, X } from "lucide-react";
import type { ConversationStore, WaitingView } from "natter/client";
import { memo, useState } from "react";
import { ActionButton } from "../../ui/button/action-button.tsx";
import { textOf } from "../../thread/message/part-groups.ts";
import { notifyFailure } from "../../thread/answer/use-answer-again.ts";
import { composerTexts } from "../composer-texts.ts";
import { WaitingEdit } from "./waiting-edit.tsx";

export interface WaitingRowProps {
  readonly store: ConversationStore;
  readonly entry: WaitingView;
}

const labels = { queued: composerTexts.queued, sending: composerTexts.sending, unsent: composerTexts.notSent };
const icon = { size: 16, strokeWidth: 1.5 };

const act = (call: Promise<void>): void => void call.catch(notifyFailure);

const Actions = ({ store, entry: { id, state }, onEdit }: WaitingRowProps & { readonly onEdit: () => void }) => (
  <span className="flex shrink-0 items-center gap-0.5">
    {state === "queued" && (
      <>
        <ActionButton label={composerTexts.editWaiting} icon={<Pencil {...icon} />} onClick={onEdit} />
        <ActionButton
          label={composerTexts.sendNow}
          icon={<ArrowUp {...icon} />}
          onClick={() => act(store.sendWaitingNow(id))}
        />
      </>
    )}
    {state === "unsent" && (
      <ActionButton label={composerTexts.retry} icon={<RotateCw {...icon} />} onClick={() => store.retry(id)} />
    )}
    <ActionButton
      label={composerTexts.removeWaiting}
      icon={<X {...icon} />}
      onClick={() => act(store.removeWaiting(id))}
    />
  </span>
);

/** One message that waits for its turn. */
export const WaitingRow = memo(({ store, entry }: WaitingRowProps) => {
  const [isEdited, setIsEdited] = useState(false);
  const text = textOf(entry.parts);
  return (
    <li className="flex items-center gap-2 py-[5px] pr-2 pl-3 text-13 text-text-3 not-first:border-t not-first:border-line">
      {entry.state === "unsent" ? (
        <CircleAlert size={14} strokeWidth={1.75} className="shrink-0 text-danger" />
      ) : (
        <Clock size={14} strokeWidth={1.75} className="shrink-0" />
      )}
      {isEdited ? (
        <WaitingEdit
          text={text}
          onCancel={() => setIsEdited(false)}
          onSave={(changed) => {
            setIsEdited(false);
            if (changed !== text) act(store.changeWaiting(entry.id, changed));
          }}
        />
      ) : (
        <>
          <span dir="auto" title={entry.error?.message} className="min-w-0 flex-1 truncate text-text-2">
            {text}
          </span>
          <span className="text-12 max-wide:sr-only">{labels[entry.state]}</span>
          <Actions store={store} entry={entry} onEdit={() => setIsEdited(true)} />
        </>
      )}
    </li>
  );
});
