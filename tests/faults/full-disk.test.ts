import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createDiskBlobStore } from "../../src/drivers/blobs/blobs-disk.ts";
import { findProgram } from "../../src/testing/servers/find-program.ts";

const [mount, umount] = [findProgram(["mount"]), findProgram(["umount"])];
const folder = mkdtempSync(join(tmpdir(), "natter-full-disk-"));

/** A disk of one mebibyte, where this machine lets us have one. */
const isMounted = ((): boolean => {
  try {
    if (mount === null || umount === null) throw new Error("there is no mount");
    execFileSync(mount, ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    console.log("skipped: the test that needs a full disk; only root may mount one, and not in every container");
    return false;
  }
})();

afterAll(() => {
  if (isMounted && umount !== null) execFileSync(umount, [folder]);
  rmSync(folder, { recursive: true, force: true });
});

const key = (number: number): string => `a-key-of-a-file-${number}`;
const pieces = (count: number): Buffer[] => Array.from({ length: count }, () => randomBytes(65_536));

test.skipIf(!isMounted)(
  "F26 a file that finds no room is refused, leaves nothing, and the next that fits is kept",
  async () => {
    const store = await createDiskBlobStore({ directory: folder });
    await store.put(key(1), pieces(4), 10_000_000);
    for (let number = 2; number < 5; number += 1)
      await expect(store.put(key(number), pieces(40), 10_000_000)).rejects.toMatchObject({
        code: "insufficient_storage",
        retryAfter: 30,
      });
    expect(await readdir(join(folder, "drafts"))).toEqual([]);
    expect(await store.get(key(2))).toBeNull();
    expect((await store.put(key(5), pieces(4), 10_000_000)).bytes).toBe(262_144);
    expect((await store.get(key(1)))?.bytes).toBe(262_144);
    await store.close();
  },
);
