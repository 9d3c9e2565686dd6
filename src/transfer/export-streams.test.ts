import { existsSync } from "node:fs";
import { readdir, readlink } from "node:fs/promises";
import { unzipSync } from "fflate";
import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Database } from "../ports/database.ts";
import { seedConversation } from "../testing/databases/seed-conversation.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { createTransferDesk, type TransferDesk } from "../testing/databases/transfer-desk.ts";
import { tokenFor } from "../testing/servers/web.ts";

describe.each(testDatabases)("exports that break off, on $name", { timeout: 120_000 }, ({ open }) => {
  let database: Database;
  let desk: TransferDesk;
  let change: (content: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> = (content) => content;

  beforeEach(async () => {
    database = await open();
    change = (content) => content;
    const changing = (own: BlobStore): BlobStore => ({
      ...own,
      async get(key, range) {
        const blob = await own.get(key, range);
        return blob === null ? null : { ...blob, content: change(blob.content) };
      },
    });
    desk = await createTransferDesk(database, {
      changeContext: (context) => ({ ...context, blobs: changing(context.blobs) }),
    });
  });
  afterEach(async () => {
    await desk.close();
    await database.close();
  });

  const seed = async (count: number) => {
    const token = await tokenFor();
    const { userId, workspaceId } = await desk.json<{ userId: string; workspaceId: string }>("/v1/me", { token });
    const place = { database, blobs: desk.web.spine.context.blobs, workspaceId, ownerId: userId, otherId: userId };
    const said = {
      role: "user",
      parent: null,
      rank: 0,
      metadata: null,
      isRemoved: false,
      isOfOther: false,
      vote: null,
    } as const;
    const rest = { status: "active", visibility: "private", pinned: false, settings: {}, model: null } as const;
    const content = Buffer.from("a line of a file that is long enough to be read in several pieces\n".repeat(20_000));
    const files = [{ content, mediaType: "text/plain", name: "long.txt" }];
    const messages = [{ ...said, parts: [{ type: "file", index: 0 }] as const }];
    for (let number = 0; number < count; number += 1)
      await seedConversation(place, { ...rest, title: `Talk ${number}`, leaf: 0, files, artifacts: [], messages });
    return token;
  };
  const openFiles = async (): Promise<string[]> => {
    const links = await Promise.all(
      (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
    );
    return links.filter((link) => link.includes("natter-blobs-"));
  };

  test.runIf(existsSync("/proc/self/fd")).each(["zip", "jsonl"])(
    "F17 whoever leaves a %s in the middle leaves no file open",
    async (format) => {
      const token = await seed(3);
      const before = new Set(await openFiles());
      const stillOpen = async (): Promise<string[]> => (await openFiles()).filter((file) => !before.has(file));
      for (const pieces of [1, 2, 3, 5, 8, 13]) {
        const response = await desk.web.ask(`/v1/export?format=${format}`, { token });
        const reader = response.body!.getReader();
        for (let count = 0; count < pieces; count += 1) await reader.read();
        await reader.cancel();
      }
      await expect.poll(stillOpen, { timeout: 10_000 }).toEqual([]);
      expect((await desk.takeOut(token, `?format=${format}`)).length).toBeGreaterThan(1_000);
    },
  );

  test("a file that breaks off while it is read breaks the export off: it is never taken for a whole one", async () => {
    const token = await seed(2);
    change = async function* breaking(content) {
      for await (const piece of content) {
        yield piece;
        throw new Error("the disk is gone");
      }
    };
    const broken = await desk.web.ask("/v1/export?format=zip", { token });
    await expect(broken.arrayBuffer()).rejects.toThrow("the disk is gone");
    change = (content) => content;
    const whole = unzipSync(new Uint8Array(await desk.takeOut(token, "?format=zip")));
    expect(Object.keys(whole).filter((name) => name.startsWith("files/"))).toHaveLength(2);
  });

  test("a file that is missing in the store is missing in the archive, and the import tells so", async () => {
    const token = await seed(2);
    const [file] = await database.query<{ id: string }>(sql`select id from attachment order by id limit 1`);
    await desk.web.spine.context.blobs.delete(file!.id);
    const archive = await desk.takeOut(token, "?format=zip");
    await database.query(sql`delete from conversation`);
    await database.query(sql`delete from attachment`);
    const report = await desk.bring(token, archive);
    expect(report).toMatchObject({ imported: 2, failed: 0 });
    expect(report.items.flatMap(({ leftOut }) => leftOut)).toEqual(["long.txt: It is not in the export."]);
  });
});
