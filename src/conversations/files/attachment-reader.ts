import { buffer } from "node:stream/consumers";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";
import { findAttachments, type AttachmentPlace } from "../../store/message/attachment-rows.ts";

/** What is known of an attachment without reading it. */
export interface AttachmentFacts {
  readonly mediaType: string;
  readonly bytes: number;
}

/** Reads the attachments of conversations for models. */
export interface AttachmentReader {
  /** Of these ids those that the conversation shows. */
  find(place: AttachmentPlace, ids: readonly string[]): Promise<ReadonlyMap<string, AttachmentFacts>>;
  /** What is in one, at most so many bytes of it; null when that is gone. */
  read(id: string, maxBytes: number): Promise<Uint8Array | null>;
}

export const createAttachmentReader = (database: Database, blobs: BlobStore): AttachmentReader => ({
  async find(place, ids) {
    const rows = await findAttachments(database, place.workspaceId, ids);
    const shown = rows.filter(({ places }) => places.some(({ id }) => id === place.conversationId));
    return new Map(shown.map(({ id, media_type: mediaType, bytes }) => [id, { mediaType, bytes }]));
  },
  async read(id, maxBytes) {
    const blob = await blobs.get(id, { first: 0, last: maxBytes - 1 });
    return blob === null ? null : buffer(blob.content);
  },
});
