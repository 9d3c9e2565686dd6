import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, opendir, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { NatterError } from "../../foundation/errors.ts";
import type { BlobStore, ByteRange, StoredBlob } from "../../ports/blob-store.ts";

const keyPattern = /^[a-z0-9-]{12,64}$/;
const draftAgeMilliseconds = 3_600_000;

const hasCode = (thrown: unknown, ...codes: string[]): boolean =>
  thrown instanceof Error && "code" in thrown && codes.includes(String(thrown.code));

const isMissing = (thrown: unknown): boolean => hasCode(thrown, "ENOENT");

const noRoom = "There is no room for files just now; try again later.";

const cannotStore = (cause: unknown): unknown => {
  if (hasCode(cause, "ENOSPC", "EDQUOT", "EROFS", "EFBIG"))
    return new NatterError("insufficient_storage", noRoom, { cause, retryAfter: 30 });
  return hasCode(cause, "EMFILE", "ENFILE", "EIO")
    ? new NatterError("unavailable", noRoom, { cause, retryAfter: 30 })
    : cause;
};

const writeAll = async (
  file: FileHandle,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): Promise<StoredBlob> => {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.length;
    if (bytes > maxBytes)
      throw new NatterError("too_large", `A file may hold at most ${maxBytes.toLocaleString("en")} bytes.`);
    hash.update(piece);
    await file.writeFile(piece);
  }
  await file.sync();
  return { bytes, sha256: hash.digest("hex") };
};

const syncFolder = async (folder: string): Promise<void> => {
  // Windows opens no folders, and needs no sync of them
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const entry of await opendir(folder)) if (entry.isFile()) yield entry.name;
}

const isOlder = async (path: string, time: number): Promise<boolean> => {
  try {
    return (await stat(path)).mtimeMs < time;
  } catch (thrown) {
    if (isMissing(thrown)) return false;
    throw thrown;
  }
};

async function* readFrom(path: string, range: ByteRange | undefined): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(path, range === undefined ? {} : { start: range.first, end: range.last });
  try {
    for await (const piece of stream) if (piece instanceof Uint8Array) yield piece;
  } finally {
    stream.destroy();
  }
}

/** What a process left half written when it was killed. */
const dropOldDrafts = async (drafts: string): Promise<void> => {
  for await (const name of filesIn(drafts)) {
    const path = join(drafts, name);
    if (await isOlder(path, Date.now() - draftAgeMilliseconds)) await rm(path, { force: true });
  }
};

const writeDraft = async (draft: string, ...what: [Parameters<BlobStore["put"]>[1], number]): Promise<StoredBlob> => {
  const file = await open(draft, "wx", 0o600);
  try {
    return await writeAll(file, ...what);
  } finally {
    await file.close();
  }
};

/** Gives a whole draft its place; both the file and its name are on the disk then. */
const place = async (draft: string, folder: string, key: string): Promise<void> => {
  if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(dirname(folder));
  await rename(draft, join(folder, key));
  await syncFolder(folder);
};

async function* listBefore(directory: string, time: number): AsyncGenerator<string> {
  for await (const entry of await opendir(directory)) {
    if (!entry.isDirectory() || entry.name === "drafts") continue;
    const folder = join(directory, entry.name);
    for await (const name of filesIn(folder)) if (await isOlder(join(folder, name), time)) yield name;
  }
}

/** Blobs as files in a folder of this machine, one each, in a folder for each of the last two characters of their keys. */
export const createDiskBlobStore = async ({ directory }: { readonly directory: string }): Promise<BlobStore> => {
  const drafts = join(directory, "drafts");
  await mkdir(drafts, { recursive: true, mode: 0o700 });
  await dropOldDrafts(drafts);
  let isClosed = false;
  const requireOpen = (): void => {
    if (isClosed) throw new NatterError("unavailable", "The files are closed.");
  };
  const folderOf = (key: string): string => {
    requireOpen();
    if (!keyPattern.test(key)) throw new NatterError("invalid_request", "This is no key of a file.");
    return join(directory, key.slice(-2));
  };
  return {
    async put(key, content, maxBytes) {
      const folder = folderOf(key);
      const draft = join(drafts, `${key}.${randomBytes(6).toString("hex")}`);
      try {
        const stored = await writeDraft(draft, content, maxBytes);
        await place(draft, folder, key);
        return stored;
      } catch (thrown) {
        await rm(draft, { force: true });
        throw cannotStore(thrown);
      }
    },
    async get(key, range) {
      const path = join(folderOf(key), key);
      try {
        return { bytes: (await stat(path)).size, content: readFrom(path, range) };
      } catch (thrown) {
        if (isMissing(thrown)) return null;
        throw thrown;
      }
    },
    async delete(key) {
      await rm(join(folderOf(key), key), { force: true });
    },
    async *list(before) {
      requireOpen();
      yield* listBefore(directory, before.getTime());
    },
    async close() {
      isClosed = true;
    },
  };
};
