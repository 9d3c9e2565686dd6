import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collectOrphans } from "../../src/conversations/files/collect-orphans.ts";
import { createDiskBlobStore } from "../../src/drivers/blobs/blobs-disk.ts";
import { createS3BlobStore } from "../../src/drivers/blobs/blobs-s3.ts";
import type { BlobStore } from "../../src/ports/blob-store.ts";
import type { Database } from "../../src/ports/database.ts";
import { startFakeS3, type FakeS3 } from "../../src/testing/servers/fake-s3.ts";
import { findProgram } from "../../src/testing/servers/find-program.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import { createFileWorld, type FileWorld } from "./file-world.ts";

const [mount, umount] = [findProgram(["mount"]), findProgram(["umount"])];
const text = (bytes: number): Buffer => Buffer.alloc(bytes, "a");
const twoHours = 7_200_000;

/** A folder on a disk of one mebibyte; null where this machine lets us have none. */
const mountSmallDisk = (): string | null => {
  const folder = mkdtempSync(join(tmpdir(), "natter-small-disk-"));
  try {
    if (mount === null || umount === null) throw new Error("there is no mount");
    execFileSync(mount, ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return null;
  }
};

describe.each(testDatabases)("F26 where files lie fails, on $name", ({ open }) => {
  let database: Database;
  let world: FileWorld | undefined;

  const serve = async (blobs: BlobStore): Promise<FileWorld> => {
    world = await createFileWorld({ database, storage: { uploadBytes: 2_000_000 }, blobs: () => blobs });
    return world;
  };
  beforeEach(async () => {
    database = await open();
  });
  afterEach(async () => {
    await world?.close();
    world = undefined;
    await database.close();
  });

  test("a disk that is full is 507 with Retry-After, one by one and all at once, and takes what fits again", async ({
    skip,
  }) => {
    const folder = mountSmallDisk();
    if (folder === null) return skip("only root may mount a small disk, and not in every container");
    try {
      const disk = await createDiskBlobStore({ directory: folder });
      const { upload, settled } = await serve(disk);
      const full = await upload(text(1_500_000));
      expect([full.status, Number(full.headers.get("retry-after")) > 0]).toEqual([507, true]);
      expect(await settled()).toEqual([]);
      const statuses = await Promise.all(Array.from({ length: 6 }, async () => (await upload(text(300_000))).status));
      const taken = statuses.filter((status) => status === 201);
      expect(taken.length).toBeLessThanOrEqual(3);
      expect(statuses.filter((status) => status === 507)).toHaveLength(6 - taken.length);
      expect(await settled()).toHaveLength(taken.length);
      expect(await readdir(join(folder, "drafts"))).toEqual([]);
      const some = await upload(text(10_000));
      expect(some.status).toBe(201);
      expect(await settled()).toHaveLength(taken.length + 1);
      await disk.close();
    } finally {
      execFileSync(umount ?? "", ["-l", folder]);
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const withBucket = async (work: (s3: FakeS3, files: BlobStore) => Promise<void>): Promise<void> => {
    const s3 = await startFakeS3();
    const files = await createS3BlobStore({ url: s3.url });
    try {
      await work(s3, files);
    } finally {
      await files.close();
      await s3.close();
    }
  };

  test("a bucket that refuses, breaks off half way, or stores what nobody hears of, leaves rows and files alike", async () => {
    await withBucket(async (s3, files) => {
      const { upload, settled } = await serve(files);
      for (const [how, status] of [
        [507, 507],
        [403, 503],
        ["cut", 503],
        ["unheard", 503],
      ] as const) {
        s3.failWrites(how);
        expect([how, (await upload(text(500_000))).status]).toEqual([how, status]);
        expect(await settled()).toEqual([]);
      }
      s3.failWrites(null);
      expect((await upload(text(500_000))).status).toBe(201);
      expect(await settled()).toHaveLength(1);
    });
  });

  test("a file that nobody could take away again is collected when its row can't come any more, and not before", async () => {
    await withBucket(async (s3, files) => {
      let canDelete = false;
      const stubborn: BlobStore = {
        ...files,
        delete: (key) => (canDelete ? files.delete(key) : Promise.reject(new Error("the bucket is away"))),
      };
      const { upload } = await serve(stubborn);
      const keys = async (): Promise<number> => {
        let count = 0;
        for await (const _key of files.list(new Date(Date.now() + twoHours))) count += 1;
        return count;
      };
      s3.failWrites("unheard");
      expect((await upload(text(1_000))).status).toBe(503);
      s3.failWrites(null);
      expect((await upload(text(1_000))).status).toBe(201);
      expect(await keys()).toBe(2);
      canDelete = true;
      await collectOrphans({ database, blobs: stubborn });
      expect(await keys()).toBe(2);
      await collectOrphans({ database, blobs: stubborn }, Date.now() + twoHours);
      expect(await keys()).toBe(1);
      await world?.settled();
    });
  });
});
