import type { Client } from "natter/client";
import { messageOf } from "../../ui/message-of.ts";
import type { DraftFile } from "../draft/draft.ts";

/** A file that goes along with the next message: on its way, refused, or there. */
export interface Upload {
  readonly id: number;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** From 0 to 1; null: it is there. */
  readonly progress: number | null;
  /** Why it can't go along; null: it can. */
  readonly error: string | null;
  /** Whether it can be sent again. */
  readonly canRetry: boolean;
}

export const isUploading = ({ progress, error }: Upload): boolean => progress !== null && error === null;

interface Sending {
  readonly id: number;
  readonly file: File;
  readonly progress: number;
  readonly error: string | null;
}

/** What becomes of uploads. */
export interface UploadListeners {
  onChange(this: void, uploads: readonly Upload[]): void;
  /** It is on the server, and no upload any more. */
  onStored(this: void, file: DraftFile): void;
}

const shown = ({ id, file, progress, error }: Sending): Upload => ({
  id,
  name: file.name,
  mediaType: file.type,
  bytes: file.size,
  progress,
  error,
  canRetry: true,
});

/** The files on their way to the server: each is sent at once, for itself. */
export class Uploads {
  readonly #client: Pick<Client, "attachments">;
  readonly #listeners: UploadListeners;
  readonly #stops = new Map<number, AbortController>();
  #sending: readonly Sending[] = [];
  #lastId = 0;

  constructor(client: Pick<Client, "attachments">, listeners: UploadListeners) {
    this.#client = client;
    this.#listeners = listeners;
  }

  /** At most so many of them. */
  add(files: Iterable<File>, most: number): void {
    for (const file of [...files].slice(0, Math.max(0, most - this.#sending.length))) {
      // also after a reload later than all before
      this.#lastId = Math.max(Date.now(), this.#lastId + 1);
      const sending = { id: this.#lastId, file, progress: 0, error: null };
      this.#set([...this.#sending, sending]);
      void this.#send(sending);
    }
  }

  /** Stops it if it is on its way, and leaves it out. */
  remove(id: number): void {
    this.#stops.get(id)?.abort();
    this.#drop(id);
  }

  retry(id: number): void {
    const sending = this.#sending.find((known) => known.id === id);
    if (sending === undefined || sending.error === null) return;
    this.#change(id, { progress: 0, error: null });
    void this.#send(sending);
  }

  /** Leaves all out; what is on its way is stopped. */
  clear(): void {
    for (const stop of this.#stops.values()) stop.abort();
    this.#set([]);
  }

  async #send({ id, file }: Sending): Promise<void> {
    const stop = new AbortController();
    this.#stops.set(id, stop);
    const onProgress = (progress: number): void => this.#change(id, { progress });
    try {
      const stored = await this.#client.attachments.uploadFile(file, { signal: stop.signal, onProgress });
      const { id: attachmentId, url, mediaType, bytes } = stored;
      this.#listeners.onStored({ id, attachmentId, url, mediaType, bytes, name: file.name });
      this.#drop(id);
    } catch (error) {
      // of one that was stopped nobody asks any more
      this.#change(id, { error: messageOf(error) });
    }
    this.#stops.delete(id);
  }

  #change(id: number, change: Partial<Sending>): void {
    this.#set(this.#sending.map((sending) => (sending.id === id ? { ...sending, ...change } : sending)));
  }

  #drop(id: number): void {
    this.#set(this.#sending.filter((sending) => sending.id !== id));
  }

  #set(sending: readonly Sending[]): void {
    this.#sending = sending;
    this.#listeners.onChange(sending.map(shown));
  }
}
