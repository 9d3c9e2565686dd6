import { createId } from "../../foundation/ids.ts";
import { pushJob } from "../../jobs/job.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/principal.ts";
import { insertImport } from "../../store/transfer/import-rows.ts";
import { importKind } from "./import-kind.ts";

/** Bytes of one uploaded file, at most. */
export const mostFileBytes = 2_147_483_648;

export interface ImportStores {
  readonly database: Database;
  readonly blobs: BlobStore;
}

/**
 * Takes a file in, for a job to read. @returns the id of the import
 * @throws NatterError `too_large`, `insufficient_storage`, and what `content` throws
 */
export const startImport = async (
  { database, blobs }: ImportStores,
  { workspaceId, userId }: Principal,
  content: AsyncIterable<Uint8Array>,
): Promise<string> => {
  const id = createId();
  await blobs.put(id, content, mostFileBytes);
  await database.transaction(async () => {
    await insertImport(database, { workspaceId, id }, userId);
    await pushJob(database, { workspaceId, kind: importKind, subject: id, payload: { userId } });
  });
  return id;
};
