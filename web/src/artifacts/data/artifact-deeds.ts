import type { Artifact, Client, ConversationStore, ListedArtifact } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";
import { messageOf } from "../../ui/message-of.ts";
import { notify } from "../../ui/notice/notices.ts";
import { artifactTexts } from "../artifact-texts.ts";
import { useKnownArtifacts, type KnownArtifacts } from "./known-artifacts.ts";

/** What a person does to artifacts; it is shown at once, and told where it fails. */
export interface ArtifactDeeds {
  /** Shows what was written elsewhere on the page. */
  written(this: void, artifact: Artifact): void;
  /** Null: it was refused, and that was told. */
  restore(this: void, listed: ListedArtifact, version: number): Promise<Artifact | null>;
  remove(this: void, listed: ListedArtifact): Promise<ListedArtifact | null>;
  create(this: void): Promise<Artifact | null>;
}

const deedsOf = (client: Client, known: KnownArtifacts, conversationId: string): ArtifactDeeds => {
  const attempt = async <Result>(work: () => Promise<Result>): Promise<Result | null> => {
    try {
      return await work();
    } catch (error) {
      notify(messageOf(error), { tone: "danger" });
      known.look();
      return null;
    }
  };
  return {
    written: known.written,
    restore: ({ id, version: newest }, version) =>
      attempt(async () => {
        const made = await client.artifacts.restore(id, version, { version: newest });
        known.written(made);
        notify(artifactTexts.restored(version));
        return made;
      }),
    remove: (listed) =>
      attempt(async () => {
        await client.artifacts.remove(listed.id);
        known.removed(listed.id);
        notify(artifactTexts.deleted(listed.title));
        return listed;
      }),
    create: () =>
      attempt(async () => {
        const { untitled: title } = artifactTexts;
        const made = await client.artifacts.create(conversationId, { kind: "document", title, content: "" });
        known.written(made);
        return made;
      }),
  };
};

export const useArtifactDeeds = (store: ConversationStore): ArtifactDeeds =>
  deedsOf(useNatter(), useKnownArtifacts(store), store.conversationId);
