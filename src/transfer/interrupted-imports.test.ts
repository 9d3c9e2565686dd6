import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { usualStorage, type StorageLimits } from "../conversations/files/storage.ts";
import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Database } from "../ports/database.ts";
import { endForsakenImports, findImport, insertImport } from "../store/transfer/import-rows.ts";
import { pngOf } from "../testing/databases/sample-files.ts";
import { seedConversation } from "../testing/databases/seed-conversation.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { createTransferDesk, type TransferDesk } from "../testing/databases/transfer-desk.ts";
import { tokenFor } from "../testing/servers/web.ts";
import { importKind } from "./import/import-kind.ts";

const picture = (number: number, bytes: number): Buffer => pngOf(4, 4, Buffer.alloc(bytes, number));

describe.each(testDatabases)(
  "imports that find no room, or not their turn, on $name",
  { timeout: 120_000 },
  ({ open }) => {
    let database: Database;
    let desk: TransferDesk;
    const storage: { -readonly [Key in keyof StorageLimits]: StorageLimits[Key] } = { ...usualStorage };
    let isFull = (): boolean => false;
    let reading = Promise.resolve();

    beforeEach(async () => {
      database = await open();
      Object.assign(storage, usualStorage);
      isFull = () => false;
      const filling = (own: BlobStore): BlobStore => ({
        ...own,
        async get(key, range) {
          await reading;
          return own.get(key, range);
        },
        put(key, content, most) {
          if (!isFull()) return own.put(key, content, most);
          throw new NatterError("insufficient_storage", "There is no room for files just now; try again later.");
        },
      });
      desk = await createTransferDesk(database, {
        changeContext: (context) => ({ ...context, blobs: filling(context.blobs), storage }),
      });
    });
    afterEach(async () => {
      await desk.close();
      await database.close();
    });

    const somebody = async () => {
      const token = await tokenFor();
      const { userId, workspaceId } = await desk.json<{ userId: string; workspaceId: string }>("/v1/me", { token });
      return { token, userId, workspaceId };
    };
    /** An archive of conversations with a picture each, of which the database knows nothing any more. */
    const archiveOf = async (who: { token: string; userId: string; workspaceId: string }, count: number) => {
      const { workspaceId, userId } = who;
      const { blobs } = desk.web.spine.context;
      const ids: string[] = [];
      for (let number = 1; number <= count; number += 1) {
        const file = { content: picture(number, 10_000), mediaType: "image/png", name: `${number}.png` };
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
        const plan = { ...rest, title: `Talk ${number}`, leaf: 0, files: [file], artifacts: [] };
        const place = { database, blobs, workspaceId, ownerId: userId, otherId: userId };
        ids.push(
          await seedConversation(place, { ...plan, messages: [{ ...said, parts: [{ type: "file", index: 0 }] }] }),
        );
      }
      const archive = await desk.takeOut(who.token, "?format=zip");
      await database.query(sql`delete from conversation where workspace_id = ${workspaceId}`);
      await database.query(sql`delete from attachment where workspace_id = ${workspaceId}`);
      for await (const key of blobs.list(new Date(Date.now() + 60_000))) await blobs.delete(key);
      return { archive, ids };
    };
    /** Files in the store, and rows of files; they must be the same. */
    const settled = async (): Promise<number> => {
      const { blobs } = desk.web.spine.context;
      const rows = await database.query<{ id: string }>(sql`select id from attachment order by id`);
      const keys: string[] = [];
      for await (const key of blobs.list(new Date(Date.now() + 60_000))) keys.push(key);
      expect(keys.toSorted()).toEqual(rows.map(({ id }) => id));
      return keys.length;
    };

    test("F26 a quota that ends half way is told for each conversation; the same file brings the rest when there is room", async () => {
      const who = await somebody();
      const { archive } = await archiveOf(who, 5);
      storage.bytesPerUser = 35_000;
      const report = await desk.bring(who.token, archive);
      expect(report).toMatchObject({ status: "completed", imported: 3, failed: 2 });
      const failures = report.items.filter(({ outcome }) => outcome === "failed");
      for (const { error } of failures) expect(error).toContain("35,000 bytes");
      expect(await settled()).toBe(3);
      storage.bytesPerUser = usualStorage.bytesPerUser;
      const again = await desk.bring(who.token, archive);
      expect(again).toMatchObject({ status: "completed", imported: 2, skipped: 3, failed: 0 });
      expect(await settled()).toBe(5);
    });

    test("F26 a disk that is full for some files is told, and leaves neither rows nor files of these conversations", async () => {
      const who = await somebody();
      const { archive } = await archiveOf(who, 4);
      let puts = 0;
      isFull = () => (puts += 1) % 2 === 0;
      const report = await desk.bring(who.token, archive);
      expect(report).toMatchObject({ status: "completed", imported: 2, failed: 2 });
      expect(report.items.find(({ outcome }) => outcome === "failed")!.error).toContain("no room");
      expect(await settled()).toBe(2);
      const [row] = await database.query<{ count: number }>(sql`select count(*)::int as count from conversation`);
      expect(row!.count).toBe(2);
    });

    test("a server that takes no files brings the texts, and tells what it left out", async () => {
      const who = await somebody();
      const { archive } = await archiveOf(who, 1);
      storage.takesFiles = false;
      const report = await desk.bring(who.token, archive);
      expect(report.items).toMatchObject([{ outcome: "imported", leftOut: ["1.png: This server takes no files."] }]);
      expect(await settled()).toBe(0);
    });

    test("the same file brought twice at once is stored once", async () => {
      const who = await somebody();
      const { archive, ids } = await archiveOf(who, 6);
      const reports = await Promise.all([desk.bring(who.token, archive), desk.bring(who.token, archive)]);
      expect(reports.map(({ failed }) => failed)).toEqual([0, 0]);
      expect(reports[0]!.imported + reports[1]!.imported).toBe(6);
      expect(reports[0]!.skipped + reports[1]!.skipped).toBe(6);
      const rows = await database.query<{ id: string }>(sql`select id from conversation order by id`);
      expect(rows.map(({ id }) => id)).toEqual(ids.toSorted());
    });

    test("a deleted conversation that is brought again gets a second life, and only one", async () => {
      const who = await somebody();
      const { archive, ids } = await archiveOf(who, 1);
      await desk.bring(who.token, archive);
      await desk.web.ask(`/v1/conversations/${ids[0]}`, { method: "DELETE", token: who.token });
      const report = await desk.bring(who.token, archive);
      expect(report).toMatchObject({ imported: 1 });
      expect(report.items[0]!.conversationId).not.toBe(ids[0]);
      expect(await desk.bring(who.token, archive)).toMatchObject({ imported: 0, skipped: 1 });
    });

    test("S44 a user may have five imports open: a sixth is refused and leaves nothing, also when they come at once", async () => {
      const { token, userId, workspaceId } = await somebody();
      const bring = () =>
        desk.web.http.fetch(
          new Request("http://natter.test/v1/import", {
            method: "POST",
            headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
            body: "[]",
          }),
        );
      const release = Promise.withResolvers<void>();
      reading = release.promise;
      for (let count = 0; count < 4; count += 1) await insertImport(database, { workspaceId, id: createId() }, userId);
      const answers = await Promise.all([bring(), bring(), bring()]);
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409, 409]);
      release.resolve();
      await expect.poll(() => settled(), { timeout: 20_000 }).toBe(0);
    });

    test("an import whose job was given up ends as failed instead of being shown as running for ever", async () => {
      const { workspaceId, userId } = await somebody();
      const key = { workspaceId, id: createId() };
      await insertImport(database, key, userId);
      await endForsakenImports(database, importKind);
      expect(await findImport(database, key)).toMatchObject({ status: "queued" });
      await database.query(sql`update import_run set created_at = now() - interval '1 hour'`);
      await endForsakenImports(database, importKind);
      expect(await findImport(database, key)).toMatchObject({
        status: "failed",
        error: expect.stringContaining("report"),
      });
    });
  },
);
