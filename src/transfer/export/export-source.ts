import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";
import {
  listExportedMessages,
  listExportedVersions,
  type ExportedArtifactRow,
  type ExportedMessageRow,
  type ExportedVersionRow,
  type ExportPlace,
} from "../../store/transfer/export-rows.ts";

/** Where an export is made from, and for whom. */
export interface ExportSource {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly workspaceId: string;
  /** Whose votes go along. */
  readonly viewerId: string;
}

const messagesAtOnce = 20;
const versionsAtOnce = 5;

export const placeOf = ({ workspaceId }: ExportSource, conversationId: string): ExportPlace => ({
  workspaceId,
  conversationId,
});

/** The messages of a conversation in order of sequence, a few at a time. */
export async function* messagesOf(source: ExportSource, conversationId: string): AsyncGenerator<ExportedMessageRow> {
  const { database, viewerId } = source;
  const place = { ...placeOf(source, conversationId), viewerId };
  let after = 0;
  for (;;) {
    const rows = await listExportedMessages(database, place, { after, limit: messagesAtOnce });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < messagesAtOnce) return;
    after = last.sequence;
  }
}

/** The versions of an artifact, the oldest first, a few at a time. */
export async function* versionsOf(
  { database, workspaceId }: ExportSource,
  { id, version: newest }: ExportedArtifactRow,
): AsyncGenerator<ExportedVersionRow> {
  let after = 0;
  for (;;) {
    const page = { after, limit: versionsAtOnce };
    const rows = await listExportedVersions(database, { workspaceId, id, newest }, page);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < versionsAtOnce) return;
    after = last.version;
  }
}
