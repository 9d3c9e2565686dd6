import { useCallback, useEffect, useRef, useState } from "react";
import { useNatter } from "../../shell/natter-context.ts";
import type { DraftFile } from "../draft/draft.ts";

export interface GoneFiles {
  isGone(this: void, attachmentId: string): boolean;
  /** It was stored just now, and need not be looked for. */
  know(this: void, attachmentId: string): void;
}

const warn = (error: unknown): void => console.warn("whether a file of a draft is there is not known", error);

/** Which files of a draft that was kept the server has forgotten meanwhile; each is looked for once. */
export const useGoneFiles = (files: readonly DraftFile[]): GoneFiles => {
  const { attachments } = useNatter();
  const looked = useRef(new Set<string>());
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    for (const { attachmentId } of files) {
      if (looked.current.has(attachmentId)) continue;
      looked.current.add(attachmentId);
      attachments
        .hasFile(attachmentId)
        .then((isThere) => !isThere && setGone((known) => new Set([...known, attachmentId])))
        .catch(warn);
    }
  }, [attachments, files]);
  return {
    isGone: useCallback((attachmentId: string) => gone.has(attachmentId), [gone]),
    know: useCallback((attachmentId: string) => void looked.current.add(attachmentId), []),
  };
};
