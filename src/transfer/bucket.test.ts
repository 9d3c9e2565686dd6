import { expect, test } from "vitest";
import fc from "fast-check";
import { createPgliteDatabase } from "../drivers/pglite/pglite.ts";
import { createS3BlobStore } from "../drivers/blobs/blobs-s3.ts";
import sql from "sql-template-tag";
import { migrate } from "../store/migrate.ts";
import { arbitraryConversation } from "../testing/databases/arbitrary-conversation.ts";
import { startFakeS3 } from "../testing/servers/fake-s3.ts";
import { seedConversation } from "../testing/databases/seed-conversation.ts";
import { readStored } from "../testing/databases/stored-conversation.ts";
import { createTransferDesk } from "../testing/databases/transfer-desk.ts";
import { tokenFor } from "../testing/servers/web.ts";

test("N10 with files in a bucket an archive goes out and comes in as well", { timeout: 120_000 }, async () => {
  const s3 = await startFakeS3();
  const blobs = await createS3BlobStore({ url: s3.url });
  const database = await createPgliteDatabase({ directory: null });
  await migrate(database);
  const desk = await createTransferDesk(database, { changeContext: (context) => ({ ...context, blobs }) });
  const token = await tokenFor();
  const { userId, workspaceId } = await desk.json<{ userId: string; workspaceId: string }>("/v1/me", { token });
  const place = { database, blobs, workspaceId, ownerId: userId, otherId: userId };
  const ids: string[] = [];
  for (const plan of fc.sample(arbitraryConversation, { numRuns: 4, seed: 3 }))
    ids.push(await seedConversation(place, plan));
  const read = () => Promise.all(ids.map((id) => readStored(database, blobs, { workspaceId, id })));
  const before = await read();
  expect(before.flatMap(({ files }) => files).length).toBeGreaterThan(0);
  const archive = await desk.takeOut(token, "?format=zip");
  await database.query(sql`delete from conversation`);
  await database.query(sql`delete from attachment`);
  expect(await desk.bring(token, archive)).toMatchObject({ imported: 4, failed: 0 });
  expect(await read()).toEqual(before);
  expect(s3.refused()).toBe(0);
  await desk.close();
  await blobs.close();
  await s3.close();
  await database.close();
});
