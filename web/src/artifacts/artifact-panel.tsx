import type { Artifact, ConversationStore, ListedArtifact } from "natter/client";
import { useEffect } from "react";
import { useMe } from "../shell/use-me.ts";
import { useConversation } from "../thread/use-conversation.ts";
import type { ArtifactAddress, ShownArtifact } from "./artifact-address.ts";
import { useArtifactDeeds } from "./data/artifact-deeds.ts";
import { ArtifactList } from "./artifact-list.tsx";
import { artifactRights } from "./data/artifact-rights.ts";
import { EditPane } from "./edit/edit-pane.tsx";
import { GoneArtifact } from "./gone-artifact.tsx";
import { OpenArtifact } from "./open-artifact.tsx";
import { PanelHeader } from "./panel-header.tsx";
import { QueryProblem } from "./query-problem.tsx";
import { useEditing } from "./data/use-editing.ts";
import { useArtifactList } from "./data/use-artifacts.ts";

export interface ArtifactPanelProps {
  readonly store: ConversationStore;
  readonly shown: ShownArtifact;
  readonly address: ArtifactAddress;
}

interface OthersProps {
  readonly artifacts: readonly ListedArtifact[];
  /** One that is asked for and is not there; null: all are. */
  readonly goneId: string | null;
  readonly store: ConversationStore;
  readonly canWrite: boolean;
  /** Null: the list. */
  readonly onOpen: (id: string | null) => void;
  readonly onNew: () => void;
  readonly onSaved: (artifact: Artifact) => void;
}

const Others = ({ artifacts, goneId, store, canWrite, onOpen, onNew, onSaved }: OthersProps) =>
  goneId === null ? (
    <ArtifactList artifacts={artifacts} onOpen={onOpen} onNew={canWrite ? onNew : undefined} />
  ) : (
    <GoneArtifact
      key={goneId}
      id={goneId}
      conversationId={store.conversationId}
      canWrite={canWrite}
      onAll={() => onOpen(null)}
      onSaved={onSaved}
    />
  );

/** What the panel shows: an artifact, what is written in it, the list of all, or why there is none. */
export const ArtifactPanel = ({ store, shown, address }: ArtifactPanelProps) => {
  const list = useArtifactList(store);
  const rights = artifactRights(
    useConversation(store, (view) => view.conversation),
    useMe(),
  );
  const deeds = useArtifactDeeds(store);
  const editing = useEditing(shown, deeds);
  const { open, close } = address;
  const id = typeof shown === "string" ? null : shown.id;
  const listed = list.data?.find((artifact) => artifact.id === id);
  const [first] = list.data ?? [];
  useEffect(() => {
    if (shown === "latest" && first !== undefined) open({ id: first.id, version: null });
  }, [shown, first, open]);
  const show = (saved: Artifact): void => {
    deeds.written(saved);
    open({ id: saved.id, version: null });
  };
  const toList = (): void => open("all");
  const { edited } = editing;
  if (edited !== null) {
    const newest = list.data === undefined ? edited.base.version : (listed?.version ?? null);
    return (
      <>
        <PanelHeader titled={edited.base} onList={toList} onClose={close} />
        <EditPane
          key={id}
          store={store}
          {...edited}
          newest={newest}
          onSaved={deeds.written}
          onDone={(saved) => {
            editing.end();
            if (saved !== undefined) open({ id: saved.id, version: null });
          }}
        />
      </>
    );
  }
  if (listed !== undefined && typeof shown !== "string") {
    return (
      <OpenArtifact
        key={listed.id}
        store={store}
        listed={listed}
        wanted={shown.version}
        rights={rights}
        address={address}
        editing={editing}
      />
    );
  }
  return (
    <>
      <PanelHeader titled={null} onList={toList} onClose={close} />
      {list.data === undefined ? (
        <QueryProblem query={list} />
      ) : (
        <Others
          artifacts={list.data}
          goneId={id}
          store={store}
          canWrite={rights.canWrite}
          onOpen={(chosen) => (chosen === null ? toList() : open({ id: chosen, version: null }))}
          onNew={() => editing.write(({ id: made }) => open({ id: made, version: null }))}
          onSaved={show}
        />
      )}
    </>
  );
};
