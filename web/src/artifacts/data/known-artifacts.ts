import { useQueryClient } from "@tanstack/react-query";
import type { Artifact, ConversationStore, ListedArtifact } from "natter/client";
import { messageOf } from "../../ui/message-of.ts";
import { notify } from "../../ui/notice/notices.ts";

/** What the page knows of the artifacts of a conversation, changed before the server tells of it. */
export interface KnownArtifacts {
  written(this: void, artifact: Artifact): void;
  removed(this: void, id: string): void;
  /** Asks the server how it is. */
  look(this: void): void;
}

type Change = (known: readonly ListedArtifact[]) => readonly ListedArtifact[];

const withWritten =
  ({ id, conversationId, kind, language, title, version, createdAt }: Artifact): Change =>
  (known) => {
    const before = known.find((one) => one.id === id);
    const times = { createdAt: before?.createdAt ?? createdAt, updatedAt: createdAt };
    const listed = { id, conversationId, kind, language, title, version, ...times };
    return [listed, ...known.filter((one) => one !== before)];
  };

export const useKnownArtifacts = (store: ConversationStore): KnownArtifacts => {
  const queries = useQueryClient();
  const look = (): void => void store.refresh().catch((error: unknown) => notify(messageOf(error), { tone: "danger" }));
  const change = (make: Change): void => {
    queries.setQueriesData<readonly ListedArtifact[]>({ queryKey: ["artifacts", store.conversationId] }, (known) =>
      known === undefined ? undefined : make(known),
    );
    look();
  };
  return {
    written(artifact) {
      queries.setQueryData(["artifact", artifact.id, artifact.version], artifact);
      change(withWritten(artifact));
    },
    removed: (id) => change((known) => known.filter((one) => one.id !== id)),
    look,
  };
};
