import type { ConversationStore } from "natter/client";
import { useEffect, useMemo, useRef, useState } from "react";
import { useNatter } from "../../shell/natter-context.ts";
import { composerTexts } from "../composer-texts.ts";
import type { DraftFile } from "../draft/draft.ts";
import { Uploads, type Upload } from "./uploads.ts";
import type { DraftHandle } from "../draft/use-draft.ts";
import { useGoneFiles } from "./use-gone-files.ts";

export interface UploadsHandle {
  /** In the order in which they were chosen. */
  readonly uploads: readonly Upload[];
  add(this: void, files: Iterable<File>): void;
  remove(this: void, id: number): void;
  retry(this: void, id: number): void;
  clear(this: void): void;
}

/** The most files that one message takes along. */
const mostFiles = 20;

const shown = ({ id, name, mediaType, bytes }: DraftFile, isGone: boolean): Upload => ({
  id,
  name,
  mediaType,
  bytes,
  progress: null,
  error: isGone ? composerTexts.fileGone : null,
  canRetry: false,
});

/** The files that the next message takes along: those on their way, and those that the draft keeps. */
export const useUploads = (store: ConversationStore, { draft, change }: DraftHandle): UploadsHandle => {
  const client = useNatter();
  const [sending, setSending] = useState<readonly Upload[]>([]);
  const session = useRef<Uploads>(null);
  const { isGone, know } = useGoneFiles(draft.files);
  useEffect(() => {
    const opened = new Uploads(client, {
      onChange: setSending,
      onStored: (file) => {
        know(file.attachmentId);
        change(({ files }) => ({ files: [...files, file] }));
      },
    });
    session.current = opened;
    return () => opened.clear();
  }, [client, store, change, know]);
  const uploads = useMemo(
    () =>
      [...draft.files.map((file) => shown(file, isGone(file.attachmentId))), ...sending].toSorted(
        (left, right) => left.id - right.id,
      ),
    [draft.files, sending, isGone],
  );
  return {
    uploads,
    add: (files) => session.current?.add(files, mostFiles - draft.files.length),
    remove: (id) => {
      session.current?.remove(id);
      if (draft.files.some((file) => file.id === id))
        change(({ files }) => ({ files: files.filter((file) => file.id !== id) }));
    },
    retry: (id) => session.current?.retry(id),
    clear: () => session.current?.clear(),
  };
};
