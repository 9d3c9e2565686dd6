import { mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import { createTestBlobStore } from "../../testing/databases/blob-store.ts";
import { blobStoreConformance } from "../../testing/conformance/blob-store-conformance.ts";
import { createDiskBlobStore } from "./blobs-disk.ts";

blobStoreConformance("createDiskBlobStore", async () => {
  const store = await createTestBlobStore();
  return { store, close: store.close };
});

const everything = async (directory: string): Promise<string[]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
};

test("F26 what was refused leaves no file behind, and what was stored leaves one, readable by its owner only", async () => {
  const store = await createTestBlobStore();
  const key = createId();
  await expect(store.put(createId(), [Buffer.alloc(11)], 10)).rejects.toMatchObject({ code: "too_large" });
  await store.put(key, [Buffer.alloc(10)], 10);
  expect(await everything(store.directory)).toEqual([key]);
  const { mode } = await stat(join(store.directory, key.slice(-2), key));
  expect(mode & 0o777).toBe(0o600);
  await store.close();
});

test("F26 drafts of a process that was killed are gone at the next start, those of one that still writes are not", async () => {
  const store = await createTestBlobStore();
  const drafts = join(store.directory, "drafts");
  await mkdir(drafts, { recursive: true });
  for (const name of ["killed", "writing"]) await writeFile(join(drafts, name), "half");
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  await utimes(join(drafts, "killed"), longAgo, longAgo);
  await createDiskBlobStore({ directory: store.directory });
  expect(await everything(store.directory)).toEqual(["writing"]);
  await store.close();
});
