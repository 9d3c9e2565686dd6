import type { ConversationStore, ListedArtifact } from "natter/client";
import { useEffect } from "react";
import type { ArtifactAddress } from "./artifact-address.ts";
import { useArtifactDeeds } from "./data/artifact-deeds.ts";
import type { ArtifactRights } from "./data/artifact-rights.ts";
import { ArtifactView } from "./views/artifact-view.tsx";
import { editTexts } from "./edit/edit-texts.ts";
import { useEditDraft } from "./edit/use-edit-draft.ts";
import { PanelHeader } from "./panel-header.tsx";
import { DraftNote } from "./panel-notes.tsx";
import { QueryProblem } from "./query-problem.tsx";
import type { Editing } from "./data/use-editing.ts";
import { useArtifact } from "./data/use-artifacts.ts";

export interface OpenArtifactProps {
  readonly store: ConversationStore;
  readonly listed: ListedArtifact;
  /** Null: the newest, whichever that is. */
  readonly wanted: number | null;
  readonly rights: ArtifactRights;
  readonly address: ArtifactAddress;
  readonly editing: Editing;
}

/** One artifact in the panel, in the version that the address names. */
export const OpenArtifact = ({ store, listed, wanted, rights, address, editing }: OpenArtifactProps) => {
  const { id, version: newest } = listed;
  const { open, close } = address;
  const version = Math.min(wanted ?? newest, newest);
  const artifact = useArtifact(id, version);
  const { draft, forget } = useEditDraft(id);
  const { restore, remove } = useArtifactDeeds(store);
  // whoever opens the newest by its number wants to see the next one, too
  useEffect(() => {
    if (wanted !== null && wanted >= newest) open({ id, version: null });
  }, [wanted, newest, id, open]);
  const shown = artifact.data?.id === id ? artifact.data : undefined;
  const restoreAndShow = async (earlier: number): Promise<void> => {
    if ((await restore(listed, earlier)) !== null) open({ id, version: null });
  };
  const removeAndLeave = async (): Promise<void> => {
    if ((await remove(listed)) !== null) open("all");
  };
  return (
    <>
      <PanelHeader
        titled={{ kind: listed.kind, title: shown?.title ?? listed.title }}
        artifact={shown}
        onEdit={rights.canWrite && shown?.version === newest ? () => editing.begin(shown) : undefined}
        onList={() => open("all")}
        onClose={close}
      />
      {draft !== null && rights.canWrite && (
        <DraftNote
          draft={draft}
          action={editTexts.continue}
          onAct={() => editing.resume(id, draft)}
          onDiscard={forget}
        />
      )}
      {shown === undefined ? (
        <QueryProblem query={artifact} />
      ) : (
        <ArtifactView
          listed={listed}
          artifact={shown}
          onVersion={(next) => open({ id, version: next === newest ? null : next })}
          onRestore={rights.canWrite ? (earlier) => void restoreAndShow(earlier) : undefined}
          onRemove={rights.canRemove ? () => void removeAndLeave() : undefined}
        />
      )}
    </>
  );
};
