import type { ConversationStore } from "natter/client";
import { useMe } from "../shell/use-me.ts";
import { useConversation } from "../thread/use-conversation.ts";
import { Button } from "../ui/button.tsx";
import type { ArtifactAddress, ShownArtifact } from "./artifact-address.ts";
import { ArtifactList } from "./artifact-list.tsx";
import { artifactRights } from "./artifact-rights.ts";
import { artifactTexts } from "./artifact-texts.ts";
import { OpenArtifact } from "./open-artifact.tsx";
import { PanelHeader } from "./panel-header.tsx";
import { PanelNote } from "./panel-note.tsx";
import { QueryProblem } from "./query-problem.tsx";
import { useArtifactList } from "./use-artifacts.ts";

export interface ArtifactPanelProps {
  readonly store: ConversationStore;
  readonly shown: ShownArtifact;
  readonly address: ArtifactAddress;
}

/** What the panel shows: an artifact, the list of them, or why there is none. */
export const ArtifactPanel = ({ store, shown, address }: ArtifactPanelProps) => {
  const list = useArtifactList(store);
  const conversation = useConversation(store, (view) => view.conversation);
  const rights = artifactRights(conversation, useMe());
  const { open, close } = address;
  const listed = shown === "all" ? undefined : list.data?.find(({ id }) => id === shown.id);
  if (shown !== "all" && listed !== undefined) {
    return (
      <OpenArtifact
        key={listed.id}
        store={store}
        listed={listed}
        wanted={shown.version}
        rights={rights}
        address={address}
      />
    );
  }
  return (
    <>
      <PanelHeader titled={null} onList={() => open("all")} onClose={close} />
      {list.data === undefined && <QueryProblem query={list} />}
      {list.data !== undefined && shown === "all" && (
        <ArtifactList artifacts={list.data} onOpen={(id) => open({ id, version: null })} />
      )}
      {list.data !== undefined && shown !== "all" && (
        <PanelNote title={artifactTexts.goneTitle} text={artifactTexts.gone}>
          <Button onClick={() => open("all")}>{artifactTexts.all}</Button>
        </PanelNote>
      )}
    </>
  );
};
