import type { Attachment, Client } from "natter/client";
import { messageOf } from "../ui/message-of.ts";

/** A file on its way to the server, or there. */
export interface Upload {
  readonly id: number;
  readonly file: File;
  /** From 0 to 1. */
  readonly progress: number;
  readonly attachment: Attachment | null;
  /** Why it was refused; null: it was not. */
  readonly error: string | null;
}

export const isUploading = ({ attachment, error }: Upload): boolean => attachment === null && error === null;

/** The most files that one message takes along. */
const mostUploads = 20;

/** The files that the next message takes along: each is sent at once, for itself. */
export class Uploads {
  readonly #client: Pick<Client, "attachments">;
  readonly #onChange: (uploads: readonly Upload[]) => void;
  readonly #stops = new Map<number, AbortController>();
  #uploads: readonly Upload[] = [];
  #lastId = 0;

  constructor(client: Pick<Client, "attachments">, onChange: (uploads: readonly Upload[]) => void) {
    this.#client = client;
    this.#onChange = onChange;
  }

  add(files: Iterable<File>): void {
    for (const file of [...files].slice(0, mostUploads - this.#uploads.length)) {
      this.#lastId += 1;
      const upload = { id: this.#lastId, file, progress: 0, attachment: null, error: null };
      this.#set([...this.#uploads, upload]);
      void this.#send(upload);
    }
  }

  /** Stops it if it is on its way, and leaves it out. */
  remove(id: number): void {
    this.#stops.get(id)?.abort();
    this.#set(this.#uploads.filter((upload) => upload.id !== id));
  }

  retry(id: number): void {
    const upload = this.#uploads.find((known) => known.id === id);
    if (upload === undefined || upload.error === null) return;
    this.#change(id, { progress: 0, error: null });
    void this.#send(upload);
  }

  /** Leaves all out; what is on its way is stopped. */
  clear(): void {
    for (const stop of this.#stops.values()) stop.abort();
    this.#set([]);
  }

  async #send({ id, file }: Upload): Promise<void> {
    const stop = new AbortController();
    this.#stops.set(id, stop);
    const onProgress = (progress: number): void => this.#change(id, { progress });
    try {
      const attachment = await this.#client.attachments.uploadFile(file, { signal: stop.signal, onProgress });
      this.#change(id, { progress: 1, attachment });
    } catch (error) {
      // of one that was stopped nobody asks any more
      this.#change(id, { error: messageOf(error) });
    }
    this.#stops.delete(id);
  }

  #change(id: number, change: Partial<Upload>): void {
    this.#set(this.#uploads.map((upload) => (upload.id === id ? { ...upload, ...change } : upload)));
  }

  #set(uploads: readonly Upload[]): void {
    this.#uploads = uploads;
    this.#onChange(uploads);
  }
}
