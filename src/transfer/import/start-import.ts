import { forgetFiles, isRefusal } from "../../conversations/files/store-data-files.ts";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import { pushJob } from "../../jobs/job.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { lockFilesOf } from "../../store/message/attachment-rows.ts";
import { countOpenImports, insertImport } from "../../store/transfer/import-rows.ts";
import { importKind } from "./import-kind.ts";

/** Bytes of one uploaded file, at most. */
export const mostFileBytes = 2_147_483_648;

/** Imports of one user that may wait or be read at a time: each keeps its file until then. */
const mostOpen = 5;

export interface ImportStores {
  readonly database: Database;
  readonly blobs: BlobStore;
}

const requireTurn = async (database: Database, userId: string): Promise<void> => {
  if ((await countOpenImports(database, userId)) < mostOpen) return;
  throw new NatterError(
    "conflict",
    `${mostOpen} of your imports are still being read; bring this file when one of them has ended.`,
  );
};

/**
 * Takes a file in, for a job to read. @returns the id of the import
 * @throws NatterError `conflict` while too many of the user's are open, `too_large`, `insufficient_storage`, and what `content` throws
 */
export const startImport = async (
  { database, blobs }: ImportStores,
  { workspaceId, userId }: Principal,
  content: AsyncIterable<Uint8Array>,
): Promise<string> => {
  await requireTurn(database, userId);
  const id = createId();
  try {
    await blobs.put(id, content, mostFileBytes);
    await database.transaction(async () => {
      await lockFilesOf(database, userId);
      await requireTurn(database, userId);
      await insertImport(database, { workspaceId, id }, userId);
      await pushJob(database, { workspaceId, kind: importKind, subject: id, payload: { userId } });
    });
  } catch (thrown) {
    if (isRefusal(thrown)) await forgetFiles(blobs, [{ id }]);
    throw thrown;
  }
  return id;
};
