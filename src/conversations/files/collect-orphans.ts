import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";
import { findKnownIds, purgeUnplacedAttachments } from "../../store/message/attachment-rows.ts";

/** A file is stored before its row; in this time its row is there, or never will be. */
const graceMilliseconds = 3_600_000;
const batchSize = 500;

interface Keeping {
  readonly database: Database;
  readonly blobs: BlobStore;
}

const drop = async ({ database, blobs }: Keeping, keys: readonly string[]): Promise<void> => {
  const known = new Set(await findKnownIds(database, keys));
  for (const key of keys) if (!known.has(key)) await blobs.delete(key);
};

/** Forgets attachments that no conversation shows any more, and deletes files that have no row. */
export const collectOrphans = async (keeping: Keeping, now = Date.now()): Promise<void> => {
  await purgeUnplacedAttachments(keeping.database);
  let batch: string[] = [];
  for await (const key of keeping.blobs.list(new Date(now - graceMilliseconds))) {
    batch.push(key);
    if (batch.length < batchSize) continue;
    await drop(keeping, batch);
    batch = [];
  }
  if (batch.length > 0) await drop(keeping, batch);
};
