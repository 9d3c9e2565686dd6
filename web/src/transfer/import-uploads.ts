import type { Client } from "natter/client";
import { useSyncExternalStore } from "react";
import { messageOf } from "../ui/message-of.ts";
import { rememberImport } from "./remembered-imports.ts";

/** A file on its way to be imported. */
export interface ImportUpload {
  readonly id: number;
  readonly fileName: string;
  /** From 0 to 1. */
  readonly progress: number;
  /** Why it was refused; null: it was not. */
  readonly error: string | null;
}

const listeners = new Set<() => void>();
const stops = new Map<number, AbortController>();
let uploads: readonly ImportUpload[] = [];
let lastId = 0;

const set = (next: readonly ImportUpload[]): void => {
  uploads = next;
  for (const listener of listeners) listener();
};

const change = (id: number, part: Partial<ImportUpload>): void =>
  set(uploads.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)));

/** Takes it off the list; what is on its way is stopped. */
export const dropUpload = (id: number): void => {
  stops.get(id)?.abort();
  set(uploads.filter((upload) => upload.id !== id));
};

/** Sends a file to be imported. It goes on while the dialog is closed; afterwards the server goes on alone. */
export const beginImport = async (client: Client, file: File): Promise<void> => {
  lastId += 1;
  const id = lastId;
  const stop = new AbortController();
  stops.set(id, stop);
  set([...uploads, { id, fileName: file.name, progress: 0, error: null }]);
  try {
    const onProgress = (progress: number): void => change(id, { progress });
    const { id: importId } = await client.transfer.import(file, { signal: stop.signal, onProgress });
    rememberImport(importId, file.name);
    set(uploads.filter((upload) => upload.id !== id));
  } catch (error) {
    // of one that was stopped nobody asks any more
    change(id, { error: messageOf(error) });
  }
  stops.delete(id);
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useImportUploads = (): readonly ImportUpload[] => useSyncExternalStore(subscribe, () => uploads);
