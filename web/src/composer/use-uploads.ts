import type { ConversationStore } from "natter/client";
import { useEffect, useRef, useState } from "react";
import { useNatter } from "../shell/natter-context.ts";
import { Uploads, type Upload } from "./uploads.ts";

export interface UploadsHandle {
  readonly uploads: readonly Upload[];
  add(this: void, files: Iterable<File>): void;
  remove(this: void, id: number): void;
  retry(this: void, id: number): void;
  clear(this: void): void;
}

/** The files that the next message of a conversation takes along. */
export const useUploads = (store: ConversationStore): UploadsHandle => {
  const client = useNatter();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const session = useRef<Uploads>(null);
  useEffect(() => {
    const opened = new Uploads(client, setUploads);
    session.current = opened;
    return () => opened.clear();
  }, [client, store]);
  return {
    uploads,
    add: (files) => session.current?.add(files),
    remove: (id) => session.current?.remove(id),
    retry: (id) => session.current?.retry(id),
    clear: () => session.current?.clear(),
  };
};
