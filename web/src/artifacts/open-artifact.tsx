import type { ConversationStore, ListedArtifact } from "natter/client";
import { useEffect } from "react";
import { useNatter } from "../shell/natter-context.ts";
import { Button } from "../ui/button.tsx";
import { messageOf } from "../ui/message-of.ts";
import { notify } from "../ui/notices.ts";
import type { ArtifactAddress } from "./artifact-address.ts";
import type { ArtifactRights } from "./artifact-rights.ts";
import { artifactTexts } from "./artifact-texts.ts";
import { ArtifactView } from "./artifact-view.tsx";
import { PanelHeader } from "./panel-header.tsx";
import { QueryProblem } from "./query-problem.tsx";
import { useArtifact } from "./use-artifacts.ts";

export interface OpenArtifactProps {
  readonly store: ConversationStore;
  readonly listed: ListedArtifact;
  /** Null: the newest, whichever that is. */
  readonly wanted: number | null;
  readonly rights: ArtifactRights;
  readonly address: ArtifactAddress;
}

interface OldNoteProps {
  readonly version: number;
  readonly onNewest: () => void;
  readonly onRestore?: (() => void) | undefined;
}

const OldNote = ({ version, onNewest, onRestore }: OldNoteProps) => (
  <div className="mx-3 mb-3 flex flex-wrap items-center gap-1 rounded-medium border border-line bg-surface py-1 pe-1 ps-3 text-13 text-text-2">
    <span className="flex-1">{artifactTexts.oldShown(version)}</span>
    {onRestore !== undefined && (
      <Button look="plain" onClick={onRestore} className="h-[28px] px-2 text-13 max-wide:h-9">
        {artifactTexts.restore}
      </Button>
    )}
    <Button look="plain" onClick={onNewest} className="h-[28px] px-2 text-13 max-wide:h-9">
      {artifactTexts.toNewest}
    </Button>
  </div>
);

/** One artifact in the panel, in the version that the address names. */
export const OpenArtifact = ({ store, listed, wanted, rights, address }: OpenArtifactProps) => {
  const client = useNatter();
  const { id, version: newest } = listed;
  const { open, close } = address;
  const version = Math.min(wanted ?? newest, newest);
  const artifact = useArtifact(id, version);
  // whoever opens the newest by its number wants to see the next one, too
  useEffect(() => {
    if (wanted !== null && wanted >= newest) open({ id, version: null });
  }, [wanted, newest, id, open]);
  const restore = async (earlier: number): Promise<void> => {
    try {
      await client.artifacts.restore(id, earlier, { version: newest });
      open({ id, version: null });
      notify(artifactTexts.restored(earlier));
    } catch (error) {
      notify(messageOf(error), { tone: "danger" });
    }
    await store.refresh();
  };
  const onRestore = rights.canWrite
    ? (earlier: number): void => void restore(earlier).catch(() => undefined)
    : undefined;
  const shown = artifact.data?.id === id ? artifact.data : undefined;
  return (
    <>
      <PanelHeader
        titled={{ kind: listed.kind, title: shown?.title ?? listed.title }}
        artifact={shown}
        onList={() => open("all")}
        onClose={close}
      />
      {shown === undefined ? (
        <QueryProblem query={artifact} />
      ) : (
        <>
          {version < newest && (
            <OldNote
              version={version}
              onNewest={() => open({ id, version: null })}
              onRestore={onRestore === undefined ? undefined : () => onRestore(version)}
            />
          )}
          <ArtifactView
            listed={listed}
            artifact={shown}
            onVersion={(next) => open({ id, version: next === newest ? null : next })}
            onRestore={onRestore}
          />
        </>
      )}
    </>
  );
};
