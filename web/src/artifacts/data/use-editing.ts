import type { Artifact } from "natter/client";
import { useState } from "react";
import { useNatter } from "../../shell/natter-context.ts";
import { messageOf } from "../../ui/message-of.ts";
import { notify } from "../../ui/notices.ts";
import type { ArtifactDeeds } from "./artifact-deeds.ts";
import type { EditDraft } from "../edit/edit-draft.ts";

export interface EditedArtifact {
  readonly base: Artifact;
  readonly draft: EditDraft | null;
}

export interface Editing {
  /** Null: nothing is edited. */
  readonly edited: EditedArtifact | null;
  begin(this: void, base: Artifact): void;
  /** Goes on with what was written before, on the version that it follows. */
  resume(this: void, artifactId: string, draft: EditDraft): void;
  /** Makes a document, and writes in it. */
  write(this: void, onMade: (artifact: Artifact) => void): void;
  end(this: void): void;
}

/** Which artifact is edited in the panel. */
export const useEditing = ({ create }: ArtifactDeeds): Editing => {
  const client = useNatter();
  const [edited, setEdited] = useState<EditedArtifact | null>(null);
  const resume = async (artifactId: string, draft: EditDraft): Promise<void> => {
    try {
      setEdited({ base: await client.artifacts.get(artifactId, draft.base), draft });
    } catch (error) {
      notify(messageOf(error), { tone: "danger" });
    }
  };
  const write = async (onMade: (artifact: Artifact) => void): Promise<void> => {
    const made = await create();
    if (made === null) return;
    onMade(made);
    setEdited({ base: made, draft: null });
  };
  return {
    edited,
    begin: (base) => setEdited({ base, draft: null }),
    resume: (artifactId, draft) => void resume(artifactId, draft),
    write: (onMade) => void write(onMade),
    end: () => setEdited(null),
  };
};
