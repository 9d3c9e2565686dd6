import { basename } from "node:path/posix";
import type { ZipArchive } from "../archive/zip-archive.ts";
import type { ZipEntry } from "../archive/zip-directory.ts";
import type { BroughtFile, FindFile } from "./brought.ts";

/** Begins the name under which a converter asks for a file that it knows by an id or a name alone. */
export const assetScheme = "asset:";

/** `file-abc123` of `file-abc123-photo.png`, as ChatGPT names its files. */
const assetId = /^file[-_][A-Za-z0-9]+/;

const without = (name: string, folder: string): string => (name.startsWith(folder) ? name.slice(folder.length) : name);

/** Finds the files of an archive by their path below `folder`, or as `asset:` by their id or name wherever they lie. */
export const filesOf = (archive: ZipArchive, folder: string): FindFile => {
  const byPath = new Map<string, ZipEntry>();
  const byAsset = new Map<string, ZipEntry>();
  for (const entry of archive.entries) {
    const name = basename(entry.name);
    byPath.set(without(entry.name, folder), entry);
    byAsset.set(name, entry);
    const [id] = assetId.exec(name) ?? [];
    if (id !== undefined && !byAsset.has(id)) byAsset.set(id, entry);
  }
  return (url): BroughtFile | null => {
    const entry = url.startsWith(assetScheme) ? byAsset.get(url.slice(assetScheme.length)) : byPath.get(url);
    if (entry === undefined) return null;
    return { name: basename(entry.name), bytes: entry.size, read: () => archive.read(entry) };
  };
};
