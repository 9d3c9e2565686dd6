import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { attachmentUrl } from "../../conversations/files/attachments.ts";
import { checkFile, type CheckedFile } from "../../conversations/files/check-file.ts";
import { isDataUrl, readDataFile } from "../../conversations/files/data-file.ts";
import type { ConversationContext } from "../../conversations/context.ts";
import { requireFilesTaken, usualStorage } from "../../conversations/files/storage.ts";
import { forgetFiles } from "../../conversations/files/store-data-files.ts";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { NewAttachment } from "../../store/message/attachment-rows.ts";
import { findSameFile } from "../../store/transfer/brought-rows.ts";
import { safeName } from "../export/archive-paths.ts";
import { assetScheme } from "./archive-files.ts";
import type { FindFile } from "./brought.ts";
import { fileNote } from "./clean-parts.ts";

type FilePart = Extract<Part, { type: "file" }>;

export interface FileTaking {
  readonly context: ConversationContext;
  readonly owner: { readonly workspaceId: string; readonly ownerId: string };
  readonly findFile: FindFile;
  readonly hashes: ReadonlyMap<string, string>;
  /** What earlier conversations of the same file have made of its files, by url. */
  readonly known: ReadonlyMap<string, Part>;
  /** False: every file is stored anew. */
  readonly mayShare: boolean;
}

/** The files of a conversation in the blob store; those that are new have no row yet. */
export interface TakenFiles {
  readonly parts: readonly Part[];
  readonly attachments: readonly NewAttachment[];
  /** What was made of files beside the lines, by url. */
  readonly byUrl: ReadonlyMap<string, Part>;
  /** Names of files that do not come along, and why. */
  readonly leftOut: readonly string[];
}

interface Content extends CheckedFile {
  readonly content: Buffer;
}

const refusals = new Set(["unprocessable", "too_large", "unsupported_media_type", "forbidden"]);

const isRefused = (thrown: unknown): thrown is NatterError =>
  thrown instanceof NatterError && refusals.has(thrown.code);

/** The first of these ways that is not refused; the last one's refusal where all are. */
const firstTaken = (ways: readonly (() => CheckedFile)[]): CheckedFile => {
  let refusal: unknown;
  for (const way of ways) {
    try {
      return way();
    } catch (thrown) {
      if (!isRefused(thrown)) throw thrown;
      refusal = thrown;
    }
  }
  throw refusal;
};

/** By what is in it, whatever it is called: other systems tell types and names that are not taken here. */
const checkForeign = (content: Buffer, { mediaType, filename = "" }: FilePart): CheckedFile => {
  const name = safeName(filename, "file").slice(0, 60);
  return firstTaken([
    () => checkFile(content, mediaType, filename),
    () => checkFile(content, undefined, filename),
    () => checkFile(content, mediaType, name),
    () => checkFile(content, undefined, name),
  ]);
};

const readBeside = async (taking: FileTaking, part: FilePart, most: number): Promise<Content> => {
  const file = taking.findFile(part.url);
  if (file === null) throw new NatterError("unprocessable", "It is not in the export.");
  if (file.bytes > most)
    throw new NatterError("too_large", `A file may hold at most ${most.toLocaleString("en")} bytes.`);
  const content = await buffer(file.read());
  const hash = taking.hashes.get(part.url);
  if (hash !== undefined && hash !== createHash("sha256").update(content).digest("hex"))
    throw new NatterError("unprocessable", "It is not the file that was exported.");
  const isUnnamed = part.filename === undefined && part.url.startsWith(assetScheme);
  const named = isUnnamed ? { ...part, filename: file.name } : part;
  return { content, ...checkForeign(content, named) };
};

const partOf = (id: string, { mediaType, fileName }: CheckedFile): Part => ({
  type: "file",
  mediaType,
  ...(fileName === null ? {} : { filename: fileName }),
  url: attachmentUrl(id),
});

const takeOne = async (taking: FileTaking, part: FilePart, attachments: NewAttachment[]): Promise<Part> => {
  const { context, owner, mayShare } = taking;
  const { blobs, database, storage = usualStorage } = context;
  requireFilesTaken(storage);
  const read = isDataUrl(part.url)
    ? readDataFile(part, storage.uploadBytes)
    : await readBeside(taking, part, storage.uploadBytes);
  const { content, ...checked } = read;
  const sha256 = createHash("sha256").update(content).digest("hex");
  const own = attachments.find((one) => one.sha256 === sha256 && one.fileName === checked.fileName);
  if (own !== undefined && own.mediaType === checked.mediaType) return partOf(own.id, checked);
  const same = mayShare ? await findSameFile(database, owner, { sha256, ...checked }) : undefined;
  if (same !== undefined) return partOf(same, checked);
  const id = createId();
  const stored = await blobs.put(id, [content], storage.uploadBytes);
  attachments.push({ id, ...checked, ...stored });
  return partOf(id, checked);
};

/**
 * Takes the files of a conversation into the blob store, one at a time in memory; their rows come with the conversation.
 * One that is refused becomes a note of its name.
 * @throws NatterError `insufficient_storage`, `unavailable`; nothing stays then
 */
export const takeFiles = async (taking: FileTaking, parts: readonly Part[]): Promise<TakenFiles> => {
  const attachments: NewAttachment[] = [];
  const byUrl = new Map<string, Part>();
  const leftOut: string[] = [];
  const take = async (part: FilePart): Promise<Part> => {
    const made = byUrl.get(part.url) ?? (taking.mayShare ? taking.known.get(part.url) : undefined);
    if (made !== undefined) return made;
    try {
      const taken = await takeOne(taking, part, attachments);
      if (!isDataUrl(part.url)) byUrl.set(part.url, taken);
      return taken;
    } catch (thrown) {
      if (!isRefused(thrown)) throw thrown;
      const name = (part.filename ?? taking.findFile(part.url)?.name ?? part.mediaType) || "file";
      leftOut.push(`${name.slice(0, 200)}: ${thrown.message}`);
      return fileNote(name);
    }
  };
  try {
    const taken: Part[] = [];
    for (const part of parts) taken.push(part.type === "file" ? await take(part) : part);
    return { parts: taken, attachments, byUrl, leftOut };
  } catch (thrown) {
    await forgetFiles(taking.context.blobs, attachments);
    throw thrown;
  }
};
