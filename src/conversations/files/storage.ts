import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import { lockFilesOf, sumFilesOf } from "../../store/message/attachment-rows.ts";
import { maxFileBytes } from "./data-file.ts";

/** What people may store. */
export interface StorageLimits {
  /** False: no files are taken. */
  readonly takesFiles: boolean;
  /** Bytes of one file. */
  readonly uploadBytes: number;
  /** Bytes of all files of one user, in all workspaces. */
  readonly bytesPerUser: number;
}

/** Where the operator says nothing. */
export const usualStorage: StorageLimits = {
  takesFiles: true,
  uploadBytes: maxFileBytes,
  bytesPerUser: 1_073_741_824,
};

/** @throws NatterError `forbidden` */
export const requireFilesTaken = ({ takesFiles }: StorageLimits): void => {
  if (!takesFiles) throw new NatterError("forbidden", "This server takes no files.");
};

/**
 * Sees to it that so many bytes more of a user's find room, until the transaction ends: others of the same user wait.
 * @throws NatterError `insufficient_storage`
 */
export const requireRoom = async (
  database: Database,
  { bytesPerUser }: StorageLimits,
  userId: string,
  bytes: number,
): Promise<void> => {
  await lockFilesOf(database, userId);
  if ((await sumFilesOf(database, userId)) + bytes <= bytesPerUser) return;
  const allowed = bytesPerUser.toLocaleString("en");
  throw new NatterError(
    "insufficient_storage",
    `Your files may hold ${allowed} bytes together; remove conversations with files that you do not need any more.`,
  );
};
