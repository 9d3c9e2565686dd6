import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDiskBlobStore } from "../../drivers/blobs/blobs-disk.ts";
import type { BlobStore } from "../../ports/blob-store.ts";

/** A store of its own on the disk; its files go when it is closed. */
export const createTestBlobStore = async (): Promise<BlobStore & { readonly directory: string }> => {
  const directory = await mkdtemp(join(tmpdir(), "natter-blobs-"));
  const store = await createDiskBlobStore({ directory });
  return {
    ...store,
    directory,
    close: async () => {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
