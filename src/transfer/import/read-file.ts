import { buffer } from "node:stream/consumers";
import { NatterError } from "../../foundation/errors.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import { openZip, type ZipArchive } from "../archive/zip-archive.ts";
import type { ZipEntry } from "../archive/zip-directory.ts";
import { filesOf } from "./archive-files.ts";
import type { BroughtOrFailure, FindFile } from "./brought.ts";
import { createLines, readConversation } from "./export-lines-reader.ts";
import { readBrought, versionOf } from "./read-brought.ts";
import { readValues } from "./read-values.ts";

/** A conversation by its place in the file. */
export interface PlacedConversation {
  /** 1, 2, 3 … */
  readonly position: number;
  readonly one: BroughtOrFailure;
}

/** An uploaded file, opened. */
export interface OpenedFile {
  readonly findFile: FindFile;
  /** The conversations behind that position. */
  readonly conversations: (after: number) => AsyncGenerator<PlacedConversation>;
}

const headerName = /(?:^|\/)natter\.json$/;
const lists = /(?:^|\/)conversations(?:-\d+)?\.json$|\.jsonl$/i;
const ofMacintosh = /(?:^|\/)(?:__MACOSX\/|\._)/;

async function* counted(
  conversations: AsyncIterable<BroughtOrFailure>,
  after: number,
): AsyncGenerator<PlacedConversation> {
  let position = 0;
  for await (const one of conversations) {
    position += 1;
    if (position > after) yield { position, one };
  }
}

/** One conversation of an archive of ours; a damaged one is told, and the next one is read. */
async function* readEntry(archive: ZipArchive, entry: ZipEntry): AsyncGenerator<BroughtOrFailure> {
  const values = readValues(archive.read(entry));
  try {
    const one = await readConversation(createLines(values));
    yield one ?? { title: null, failure: `${entry.name} is empty.`.slice(0, 500) };
  } catch (thrown) {
    if (!(thrown instanceof NatterError) || thrown.status >= 500) throw thrown;
    yield { title: null, failure: `${entry.name}: ${thrown.message}`.slice(0, 500) };
  } finally {
    await values.return(undefined);
  }
}

async function* readOwnArchive(archive: ZipArchive, folder: string, after: number): AsyncGenerator<PlacedConversation> {
  const entries = archive.entries.filter(
    ({ name }) => name.startsWith(`${folder}conversations/`) && name.endsWith(".jsonl"),
  );
  for (const [index, entry] of entries.entries()) {
    const position = index + 1;
    if (position > after) for await (const one of readEntry(archive, entry)) yield { position, one };
  }
}

async function* readLists(archive: ZipArchive, entries: readonly ZipEntry[]): AsyncGenerator<BroughtOrFailure> {
  for (const entry of entries) yield* readBrought(readValues(archive.read(entry)));
}

const openArchive = async (archive: ZipArchive): Promise<OpenedFile> => {
  const visible = archive.entries.filter(({ name }) => !ofMacintosh.test(name));
  const header = visible.find(({ name }) => headerName.test(name));
  if (header !== undefined) {
    for await (const value of readValues(archive.read(header))) versionOf(value);
    const folder = header.name.slice(0, -"natter.json".length);
    return {
      findFile: filesOf(archive, folder),
      conversations: (after) => readOwnArchive(archive, folder, after),
    };
  }
  const entries = visible.filter(({ name }) => lists.test(name));
  if (entries.length === 0)
    throw new NatterError("unprocessable", "The archive holds no conversations.json and no .jsonl file.");
  return {
    findFile: filesOf(archive, ""),
    conversations: (after) => counted(readLists(archive, entries), after),
  };
};

/**
 * Opens an uploaded file, an archive or plain; it is read conversation by conversation.
 * @throws NatterError `unprocessable`, `too_large`
 */
export const openFile = async (blobs: BlobStore, key: string): Promise<OpenedFile> => {
  const start = await blobs.get(key, { first: 0, last: 1 });
  if (start === null)
    throw new NatterError("unprocessable", "The file of this import is not on this server any more; upload it again.");
  const isZip = start.bytes > 1 && (await buffer(start.content)).toString("latin1") === "PK";
  if (isZip) return openArchive(await openZip(blobs, key, start.bytes));
  async function* content(): AsyncGenerator<Uint8Array> {
    const blob = start === null || start.bytes === 0 ? null : await blobs.get(key);
    if (blob !== null) yield* blob.content;
  }
  return {
    findFile: () => null,
    conversations: (after) => counted(readBrought(readValues(content())), after),
  };
};
