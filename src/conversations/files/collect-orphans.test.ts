import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { createHandWorker, type HandWorker } from "../../testing/hand-worker.ts";
import { dataUrl, pngOf } from "../../testing/databases/sample-files.ts";
import { permitAll, until } from "../../testing/spine.ts";
import { placeAttachments, purgeUnplacedAttachments } from "../../store/message/attachment-rows.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { attachmentIdOf } from "./attachments.ts";
import { collectOrphans } from "./collect-orphans.ts";
import { send } from "../sending/send.ts";

const twoHours = 2 * 3_600_000;

describe.each(testDatabases)("collecting what nothing shows, on $name", ({ name, open }) => {
  let database: Database;
  let hand: HandWorker;

  beforeEach(async () => {
    database = await open();
    hand = await createHandWorker({ database });
  });
  afterEach(async () => {
    await hand.spine.close();
    await database.close();
  });

  /** Sends an image; answers its attachment's id and the conversation's. */
  const attach = async (): Promise<{ id: string; conversationId: string }> => {
    const { context, principal } = hand.spine;
    const file = { type: "file", mediaType: "image/png", url: dataUrl("image/png", pngOf(1, 1)) } as const;
    const { conversationId, userMessageId } = await send(context, principal, { message: { parts: [file] } }, permitAll);
    const [row] = await database.query<{ url: string }>(
      sql`select parts -> 0 ->> 'url' as url from message where id = ${userMessageId}`,
    );
    return { id: attachmentIdOf(row?.url ?? "") ?? "", conversationId };
  };
  const isThere = async (id: string): Promise<boolean> => (await hand.spine.context.blobs.get(id)) !== null;
  const age = (id: string, days: number): Promise<unknown> =>
    database.query(
      sql`update attachment set created_at = now() - make_interval(days => ${days}::int) where id = ${id}`,
    );

  test("F26 a file without a row goes once its accepting transaction must be over, and not before", async () => {
    const { context } = hand.spine;
    const orphan = createId();
    await context.blobs.put(orphan, [Buffer.from("left by a crash")], 100);
    const { id } = await attach();
    await collectOrphans(context);
    expect([await isThere(orphan), await isThere(id)]).toEqual([true, true]);
    await collectOrphans(context, Date.now() + twoHours);
    expect([await isThere(orphan), await isThere(id)]).toEqual([false, true]);
  });

  test("an attachment goes with its file a day after the last conversation that shows it", async () => {
    const { context } = hand.spine;
    const [kept, fresh, old] = [await attach(), await attach(), await attach()];
    await age(kept.id, 2);
    await age(old.id, 2);
    await database.query(
      sql`delete from conversation where id = any(${[fresh.conversationId, old.conversationId]}::text[])`,
    );
    await collectOrphans(context, Date.now() + twoHours);
    expect(await Promise.all([kept, fresh, old].map(({ id }) => isThere(id)))).toEqual([true, true, false]);
    const rows = await database.query<{ id: string }>(sql`select id from attachment order by id`);
    expect(rows.map(({ id }) => id)).toEqual([kept.id, fresh.id].toSorted());
  });

  /** Runs `second` while the transaction of `first` is open; PGlite has one connection, there it waits for its end. */
  const overlapping = async <Result>(first: () => Promise<unknown>, second: () => Promise<Result>): Promise<Result> => {
    const [done, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = database.transaction(async () => {
      await first();
      done.resolve();
      await release.promise;
    });
    await done.promise;
    let isOver = false;
    const running = second().finally(() => (isOver = true));
    const isBlocked = async (): Promise<boolean> => {
      const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return (await database.query(waiting)).length > 0;
    };
    if (name === "PostgreSQL") await until(async () => isOver || (await isBlocked()));
    release.resolve();
    await holding;
    return running;
  };
  /** An upload of two days ago that nothing shows. */
  const forgotten = async (): Promise<string> => {
    const { id, conversationId } = await attach();
    await age(id, 2);
    await database.query(sql`delete from conversation where id = ${conversationId}`);
    return id;
  };

  test("F26 a file that a message names while it is purged stays, or the message is refused", async () => {
    const { principal } = hand.spine;
    const { conversationId } = await attach();
    const place = { workspaceId: principal.workspaceId, conversationId };
    const purge = () => purgeUnplacedAttachments(database);
    const [named, gone] = [await forgotten(), await forgotten()];
    await overlapping(() => placeAttachments(database, place, [named]), purge);
    const ids = async (): Promise<string[]> =>
      (await database.query<{ id: string }>(sql`select id from attachment`)).map(({ id }) => id);
    expect(await ids()).toContain(named);
    expect(await ids()).not.toContain(gone);
    const lost = await forgotten();
    expect(await overlapping(purge, () => placeAttachments(database, place, [lost]))).toBe(false);
    expect(await ids()).not.toContain(lost);
  });

  test("more files than one look at the rows holds", async () => {
    const { context } = hand.spine;
    const { id } = await attach();
    const orphans = Array.from({ length: 501 }, () => createId());
    for (const key of orphans) await context.blobs.put(key, [Buffer.from("x")], 1);
    await collectOrphans(context, Date.now() + twoHours);
    const left: string[] = [];
    for await (const key of context.blobs.list(new Date(Date.now() + twoHours))) left.push(key);
    expect(left).toEqual([id]);
  });
});
