import { createHash, randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { BlobStore } from "../../ports/blob-store.ts";

/** A store, and what closes it and whatever it stands on. */
export interface OpenBlobStore {
  readonly store: BlobStore;
  close(): Promise<void>;
}

const cap = 1_000_000;
const later = (): Date => new Date(Date.now() + 60_000);

const readBlob = async (store: BlobStore, ...about: Parameters<BlobStore["get"]>): Promise<Buffer | null> => {
  const blob = await store.get(...about);
  return blob === null ? null : buffer(blob.content);
};

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("half of it");
  throw new Error("the sender went away");
}

/** What every `BlobStore` must do; run unchanged on each driver. */
export const blobStoreConformance = (name: string, open: () => Promise<OpenBlobStore>): void => {
  describe(`${name} is a blob store`, () => {
    let opened: OpenBlobStore;
    let store: BlobStore;
    const keys = async (before = later()): Promise<string[]> => {
      const found: string[] = [];
      for await (const key of store.list(before)) found.push(key);
      return found;
    };

    beforeEach(async () => {
      opened = await open();
      ({ store } = opened);
    });
    afterEach(() => opened.close());

    test("what was put comes back byte for byte, with its size and hash told", async () => {
      for (const pieces of [[], [Buffer.from("a")], [randomBytes(300_000), randomBytes(300_000)]]) {
        const key = createId();
        const whole = Buffer.concat(pieces);
        const sha256 = createHash("sha256").update(whole).digest("hex");
        expect(await store.put(key, pieces, cap)).toEqual({ bytes: whole.length, sha256 });
        expect(await readBlob(store, key)).toEqual(whole);
      }
    });

    test("a range holds both its ends and is cut where the blob ends", async () => {
      const key = createId();
      await store.put(key, [Buffer.from("0123456789")], cap);
      expect(await readBlob(store, key, { first: 0, last: 0 })).toEqual(Buffer.from("0"));
      expect(await readBlob(store, key, { first: 3, last: 5 })).toEqual(Buffer.from("345"));
      expect(await readBlob(store, key, { first: 8, last: 99 })).toEqual(Buffer.from("89"));
      expect((await store.get(key, { first: 3, last: 5 }))?.bytes).toBe(10);
    });

    test("what is not there is null, and deleting it is harmless", async () => {
      expect(await store.get(createId())).toBeNull();
      await store.delete(createId());
    });

    test("a deleted blob is gone", async () => {
      const [gone, stays] = [createId(), createId()];
      for (const key of [gone, stays]) await store.put(key, [Buffer.from(key)], cap);
      await store.delete(gone);
      await store.delete(gone);
      expect(await store.get(gone)).toBeNull();
      expect(await keys()).toEqual([stays]);
    });

    test("putting again replaces the whole", async () => {
      const key = createId();
      await store.put(key, [Buffer.from("a long beginning")], cap);
      await store.put(key, [Buffer.from("short")], cap);
      expect(await readBlob(store, key)).toEqual(Buffer.from("short"));
    });

    test("F26 nothing stays of what is too large or breaks off, and what was there before is still there", async () => {
      const key = createId();
      await expect(store.put(key, [Buffer.alloc(6), Buffer.alloc(5)], 10)).rejects.toMatchObject({ code: "too_large" });
      await expect(store.put(key, broken(), cap)).rejects.toThrow("the sender went away");
      expect(await store.get(key)).toBeNull();
      expect(await keys()).toEqual([]);
      await store.put(key, [Buffer.from("whole")], 5);
      await expect(store.put(key, broken(), cap)).rejects.toThrow("the sender went away");
      expect(await readBlob(store, key)).toEqual(Buffer.from("whole"));
    });

    test("nobody sees a blob before it is whole", async () => {
      const key = createId();
      const gate = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      async function* slow(): AsyncGenerator<Uint8Array> {
        yield Buffer.from("one ");
        begun.resolve();
        await gate.promise;
        yield Buffer.from("two");
      }
      const putting = store.put(key, slow(), cap);
      await begun.promise;
      expect(await store.get(key)).toBeNull();
      expect(await keys()).toEqual([]);
      gate.resolve();
      await putting;
      expect(await readBlob(store, key)).toEqual(Buffer.from("one two"));
    });

    test("the list holds what is older than asked for", async () => {
      const all = [createId(), createId(), createId()];
      for (const key of all) await store.put(key, [Buffer.from(key)], cap);
      expect((await keys()).toSorted()).toEqual(all.toSorted());
      expect(await keys(new Date(Date.now() - 60_000))).toEqual([]);
    });

    test("S41 a key that could name another place is refused everywhere", async () => {
      for (const key of [
        "../../../../../etc/passwd",
        "a/b/c/d/e/f/g/h",
        "aaaaaaaaaaaa\0",
        "AAAAAAAAAAAAA",
        "short",
        "",
      ]) {
        const refused = { code: "invalid_request" };
        await expect(store.put(key, [Buffer.from("x")], cap)).rejects.toMatchObject(refused);
        await expect(store.get(key)).rejects.toMatchObject(refused);
        await expect(store.delete(key)).rejects.toMatchObject(refused);
      }
    });

    test("once closed it does nothing any more", async () => {
      const key = createId();
      await store.close();
      const refused = { code: "unavailable" };
      await expect(store.put(key, [Buffer.from("x")], cap)).rejects.toMatchObject(refused);
      await expect(store.get(key)).rejects.toMatchObject(refused);
      await expect(store.delete(key)).rejects.toMatchObject(refused);
      await expect(keys()).rejects.toMatchObject(refused);
      await store.close();
    });
  });
};
