import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { unzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { NatterError } from "../../foundation/errors.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import { openZip } from "./zip-archive.ts";
import { readDirectory } from "./zip-directory.ts";
import { centralHeader, directoryEnd } from "./zip-headers.ts";
import { writeZip, type NewEntry } from "./zip-writer.ts";

const modifiedAt = new Date("2026-01-02T03:04:06Z");

const blobOf = (bytes: Uint8Array): BlobStore => ({
  put: () => Promise.reject(new Error("read only")),
  get: async (_key, range = { first: 0, last: bytes.length - 1 }) => ({
    bytes: bytes.length,
    content: (async function* () {
      for (let at = range.first; at <= range.last; at += 7) yield bytes.subarray(at, Math.min(at + 7, range.last + 1));
    })(),
  }),
  delete: async () => {},
  async *list() {},
  close: async () => {},
});

const read = async (bytes: Uint8Array): Promise<Record<string, Buffer>> => {
  const archive = await openZip(blobOf(bytes), "key", bytes.length);
  const contents: Record<string, Buffer> = {};
  for (const entry of archive.entries) contents[entry.name] = await buffer(archive.read(entry));
  return contents;
};

const write = async (files: Readonly<Record<string, Uint8Array>>): Promise<Buffer> =>
  buffer(
    writeZip(
      (async function* (): AsyncGenerator<NewEntry> {
        for (const [name, content] of Object.entries(files)) yield { name, modifiedAt, content: [content] };
      })(),
    ),
  );

const files = fc.dictionary(
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((name) => !/[\\/]|__proto__/.test(name) && name.isWellFormed()),
  fc.uint8Array({ maxLength: 300 }),
  { maxKeys: 5, noNullPrototype: true },
);
const asBuffers = (given: Readonly<Record<string, Uint8Array>>): Record<string, Buffer> =>
  Object.fromEntries(Object.entries(given).map(([name, content]) => [name, Buffer.from(content)]));

describe("zip archives", () => {
  test("what is written is read, here and by others", async () => {
    await fc.assert(
      fc.asyncProperty(files, async (given) => {
        const bytes = await write(given);
        expect(await read(bytes)).toEqual(asBuffers(given));
        expect(asBuffers(unzipSync(new Uint8Array(bytes)))).toEqual(asBuffers(given));
      }),
    );
  });

  test("what others write is read, packed or not", async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.constantFrom(0, 6), async (given, level) => {
        expect(await read(zipSync(given, { level: level === 0 ? 0 : 6 }))).toEqual(asBuffers(given));
      }),
    );
  });

  test("an archive that is cut anywhere is refused", async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.nat(), async (given, number) => {
        const bytes = await write(given);
        const cut = bytes.subarray(0, number % bytes.length);
        await expect(read(cut)).rejects.toThrow(NatterError);
      }),
    );
  });

  test("a byte that is changed anywhere is noticed, or changes no content", async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.nat(), fc.integer({ min: 1, max: 255 }), async (given, number, by) => {
        const bytes = Buffer.from(await write(given));
        const at = number % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ by;
        const told = await read(bytes).catch((thrown: unknown) => {
          if (thrown instanceof NatterError) return {};
          throw thrown;
        });
        const contents = Object.values(given).map((content) => Buffer.from(content).toString("hex"));
        for (const content of Object.values(told)) expect(contents).toContain(content.toString("hex"));
      }),
      { numRuns: 500 },
    );
  });

  test("beyond 4 GB and 65,535 files the directory is written and read in its 64-bit form", async () => {
    const places = Array.from({ length: 70_000 }, (_, index) => 1_000 + index * 70_000);
    const headers = places.map((offset, index) =>
      centralHeader({ name: `files/${index}`, modifiedAt, crc: index, size: 10, packed: 5, offset }),
    );
    const directory = Buffer.concat(headers);
    const offset = 5_000_000_000;
    const tail = Buffer.concat([directory, directoryEnd({ count: 70_000, length: directory.length, offset })]);
    const readAt = async (first: number, length: number): Promise<Buffer> =>
      tail.subarray(first - offset, first - offset + length);
    const entries = await readDirectory(readAt, offset + tail.length);
    expect(entries.map((entry) => entry.offset)).toEqual(places);
    expect(entries.at(-1)).toMatchObject({ name: "files/69999", crc: 69_999, size: 10, packed: 5 });
  });
});
