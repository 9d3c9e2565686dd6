import { useEffect, useState } from "react";
import { onForget } from "../../kept/forget.ts";
import { readEditDraft, writeEditDraft, type EditDraft } from "./edit-draft.ts";

export interface KeptDraft {
  /** Null: nothing is kept, as far as is known. */
  readonly draft: EditDraft | null;
  forget(this: void): void;
}

/** What was written in an artifact on this device and not saved. */
export const useEditDraft = (artifactId: string): KeptDraft => {
  const [draft, setDraft] = useState<EditDraft | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void readEditDraft(artifactId).then((kept) => isCurrent && setDraft(kept));
    const stop = onForget(() => setDraft(null));
    return () => {
      isCurrent = false;
      stop();
    };
  }, [artifactId]);
  return {
    draft,
    forget() {
      setDraft(null);
      void writeEditDraft(artifactId, null);
    },
  };
};
