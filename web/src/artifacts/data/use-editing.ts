import type { Artifact } from "natter/client";
import { useEffect, useState } from "react";
import { useNatter } from "../../shell/natter-context.ts";
import { messageOf } from "../../ui/message-of.ts";
import { notify } from "../../ui/notice/notices.ts";
import type { ArtifactDeeds } from "./artifact-deeds.ts";
import type { ShownArtifact } from "../artifact-address.ts";
import { readEditDraft, type EditDraft } from "../edit/edit-draft.ts";

export interface EditedArtifact {
  readonly base: Artifact;
  readonly draft: EditDraft | null;
}

export interface Editing {
  /** Null: nothing is edited of what is shown. */
  readonly edited: EditedArtifact | null;
  /** Goes on with what is kept of it on this device, if there is anything. */
  begin(this: void, base: Artifact): void;
  /** Goes on with what was written before, on the version that it follows. */
  resume(this: void, artifactId: string, draft: EditDraft): void;
  /** Makes a document, and writes in it. */
  write(this: void, onMade: (artifact: Artifact) => void): void;
  end(this: void): void;
}

interface EditedPlace extends EditedArtifact {
  /** Where the panel was when it began. */
  readonly place: string;
}

const placeOf = (shown: ShownArtifact): string => (typeof shown === "string" ? shown : `${shown.id} ${shown.version}`);

/** Which artifact is edited in the panel. It ends where something else is shown; what was written is kept, to be offered again. */
export const useEditing = (shown: ShownArtifact, { create }: ArtifactDeeds): Editing => {
  const client = useNatter();
  const [began, setBegan] = useState<EditedPlace | null>(null);
  const place = placeOf(shown);
  const isHere = began?.place === place;
  useEffect(() => {
    if (began !== null && !isHere) setBegan(null);
  }, [began, isHere]);
  const resume = async (artifactId: string, draft: EditDraft): Promise<void> => {
    try {
      setBegan({ base: await client.artifacts.get(artifactId, draft.base), draft, place });
    } catch (error) {
      notify(messageOf(error), { tone: "danger" });
    }
  };
  const begin = async (base: Artifact): Promise<void> => {
    const draft = await readEditDraft(base.id);
    if (draft === null) setBegan({ base, draft, place });
    else await resume(base.id, draft);
  };
  const write = async (onMade: (artifact: Artifact) => void): Promise<void> => {
    const made = await create();
    if (made === null) return;
    onMade(made);
    setBegan({ base: made, draft: null, place: placeOf({ id: made.id, version: null }) });
  };
  return {
    edited: isHere ? began : null,
    begin: (base) => void begin(base),
    resume: (artifactId, draft) => void resume(artifactId, draft),
    write: (onMade) => void write(onMade),
    end: () => setBegan(null),
  };
};
