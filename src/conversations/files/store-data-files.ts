import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { NewAttachment } from "../../store/message/attachment-rows.ts";
import { attachmentIdOf, attachmentUrl } from "./attachments.ts";
import type { ConversationContext } from "../context.ts";
import { isDataUrl, readDataFile, type DataFile } from "./data-file.ts";
import { requireFilesTaken, usualStorage } from "./storage.ts";

/** Parts whose files lie in the blob store. */
export interface StoredParts {
  readonly parts: readonly Part[];
  /** The files that came with them, which have no row yet. */
  readonly attachments: readonly NewAttachment[];
}

type FileStores = Pick<ConversationContext, "blobs" | "storage">;

type FilePart = Extract<Part, { type: "file" }>;

interface Incoming extends DataFile {
  readonly id: string;
}

const requireKnownUrl = ({ url }: FilePart): void => {
  if (attachmentIdOf(url) === null)
    throw new NatterError(
      "unprocessable",
      "The url of a file must be a data: URL, or one that Natter gave: /v1/attachments/<id>. Nothing is fetched from elsewhere.",
    );
};

const partOf = ({ id, mediaType, fileName }: Incoming): Part => ({
  type: "file",
  mediaType,
  ...(fileName === null ? {} : { filename: fileName }),
  url: attachmentUrl(id),
});

/** Deletes files that got no row. */
export const forgetFiles = async (blobs: BlobStore, files: readonly { readonly id: string }[]): Promise<void> => {
  // what cannot be deleted now has no row and is collected later
  await Promise.allSettled(files.map(({ id }) => blobs.delete(id)));
};

/** Whether nothing was stored for sure, because it was refused; after any other failure rows may be there. */
export const isRefusal = (thrown: unknown): boolean =>
  thrown instanceof NatterError && (thrown.status < 500 || thrown.code === "insufficient_storage");

/**
 * Takes `data:` files out of parts and stores them (blobs first, rows by `attachFiles`); other parts stay as they are.
 * All files are checked before the first is stored.
 * @throws NatterError `unprocessable`, `too_large`, `unsupported_media_type`, `forbidden`; `insufficient_storage` when there is no room
 */
const storeDataFiles = async (
  { blobs, storage = usualStorage }: FileStores,
  parts: readonly Part[],
): Promise<StoredParts> => {
  const files: Incoming[] = [];
  const rewritten = parts.map((part) => {
    if (part.type !== "file") return part;
    if (!isDataUrl(part.url)) {
      requireKnownUrl(part);
      return part;
    }
    const file = { id: createId(), ...readDataFile(part, storage.uploadBytes) };
    files.push(file);
    return partOf(file);
  });
  if (files.length === 0) return { parts, attachments: [] };
  requireFilesTaken(storage);
  try {
    const attachments: NewAttachment[] = [];
    for (const { id, content, mediaType, fileName } of files)
      attachments.push({ id, mediaType, fileName, ...(await blobs.put(id, [content], storage.uploadBytes)) });
    return { parts: rewritten, attachments };
  } catch (thrown) {
    await forgetFiles(blobs, files);
    throw thrown;
  }
};

const workWithFiles = async <Result>(
  stores: FileStores,
  parts: readonly Part[],
  work: (stored: StoredParts) => Promise<Result>,
): Promise<Result> => {
  const stored = await storeDataFiles(stores, parts);
  try {
    return await work(stored);
  } catch (thrown) {
    if (isRefusal(thrown)) await forgetFiles(stores.blobs, stored.attachments);
    throw thrown;
  }
};

/** Does something with parts whose files are stored; when it refuses them, the files go again. Without files it begins at once. */
export const withStoredFiles = <Result>(
  stores: FileStores,
  parts: readonly Part[],
  work: (stored: StoredParts) => Promise<Result>,
): Promise<Result> =>
  parts.some(({ type }) => type === "file") ? workWithFiles(stores, parts, work) : work({ parts, attachments: [] });
