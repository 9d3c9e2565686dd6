import type { Artifact } from "natter/client";
import { useNatter } from "../shell/natter-context.ts";
import { Button } from "../ui/button/button.tsx";
import { messageOf } from "../ui/message-of.ts";
import { notify } from "../ui/notice/notices.ts";
import { artifactTexts } from "./artifact-texts.ts";
import type { EditDraft } from "./edit/edit-draft.ts";
import { editTexts } from "./edit/edit-texts.ts";
import { useEditDraft } from "./edit/use-edit-draft.ts";
import { DraftNote } from "./panel-notes.tsx";
import { PanelNote } from "./panel-note.tsx";

export interface GoneArtifactProps {
  readonly id: string;
  readonly conversationId: string;
  readonly canWrite: boolean;
  readonly onAll: () => void;
  readonly onSaved: (artifact: Artifact) => void;
}

/** Stands for an artifact that somebody deleted; what was written in it and not saved can still be. */
export const GoneArtifact = ({ id, conversationId, canWrite, onAll, onSaved }: GoneArtifactProps) => {
  const client = useNatter();
  const { draft, forget } = useEditDraft(id);
  const save = async ({ kind, language, title, text }: EditDraft): Promise<void> => {
    const named = language === null ? {} : { language };
    try {
      onSaved(await client.artifacts.create(conversationId, { kind, title, content: text, ...named }));
      forget();
    } catch (error) {
      notify(messageOf(error), { tone: "danger" });
    }
  };
  return (
    <>
      {draft !== null && canWrite && (
        <DraftNote draft={draft} action={editTexts.saveAsNew} onAct={() => void save(draft)} onDiscard={forget} />
      )}
      <PanelNote title={artifactTexts.goneTitle} text={artifactTexts.gone}>
        <Button onClick={onAll}>{artifactTexts.all}</Button>
      </PanelNote>
    </>
  );
};
