import { buffer } from "node:stream/consumers";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { insertUpload, sumFilesOf, type AttachmentRow } from "../../store/message/attachment-rows.ts";
import type { ConversationContext } from "../context.ts";
import { checkFile, type CheckedFile } from "./check-file.ts";
import { requireFilesTaken, requireRoom, usualStorage } from "./storage.ts";
import { forgetFiles } from "./store-data-files.ts";
import type { TakeTurns } from "./take-turns.ts";

/** A file as it arrives. */
export interface Upload {
  readonly content: AsyncIterable<Uint8Array>;
  /** What the sender says is in it. */
  readonly mediaType: string | undefined;
  readonly fileName: string | undefined;
  /** A whole file is in memory while it is looked at: with how many others at a time. Absent: any number. */
  readonly takeTurns?: TakeTurns;
}

const atOnce: TakeTurns = (work) => work();

/** Read back when it is whole: a slow upload holds no memory, and what is checked is what is served. */
const inspect = async (
  { blobs }: ConversationContext,
  id: string,
  { mediaType, fileName }: Upload,
): Promise<CheckedFile> => {
  const blob = await blobs.get(id);
  if (blob === null) throw new NatterError("unavailable", "The file went while it was stored; send it again.");
  return checkFile(await buffer(blob.content), mediaType, fileName);
};

/**
 * Stores a file of the caller's that messages may name afterwards; one that none names in a day is forgotten. A file that
 * is refused, or breaks off, leaves nothing.
 * @throws NatterError `too_large`, `unsupported_media_type`, `unprocessable`, `forbidden`, `insufficient_storage`, and what `content` throws
 */
export const upload = async (
  context: ConversationContext,
  { workspaceId, userId }: Principal,
  file: Upload,
): Promise<AttachmentRow> => {
  const { database, blobs, storage = usualStorage } = context;
  requireFilesTaken(storage);
  if ((await sumFilesOf(database, userId)) >= storage.bytesPerUser) await requireRoom(database, storage, userId, 1);
  const id = createId();
  let mayHaveRow = false;
  try {
    const stored = await blobs.put(id, file.content, storage.uploadBytes);
    const checked = await (file.takeTurns ?? atOnce)(() => inspect(context, id, file));
    return await database.transaction(async () => {
      mayHaveRow = false;
      await requireRoom(database, storage, userId, stored.bytes);
      mayHaveRow = true;
      return insertUpload(database, { workspaceId, ownerId: userId }, { id, ...stored, ...checked });
    });
  } catch (thrown) {
    // a commit that nobody heard of may have made the row: then the file stays, and is collected with it
    if (!mayHaveRow) await forgetFiles(blobs, [{ id }]);
    throw thrown;
  }
};
